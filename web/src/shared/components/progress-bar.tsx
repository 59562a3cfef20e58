interface ProgressBarProps {
  label: string;
  /** 0 to 1; without it the bar only says that something is going on. */
  value?: number;
}

export function ProgressBar({ label, value }: ProgressBarProps) {
  return (
    <div class="ryoji-progress">
      <span class="ryoji-progress__label" aria-hidden="true">{label}</span>
      <progress class="ryoji-progress__bar" aria-label={label} max={1} value={value} />
    </div>
  );
}
