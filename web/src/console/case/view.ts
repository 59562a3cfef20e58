/** How large a picture is drawn in the room it has: fitted, turned, zoomed. */

export const STEPS = [0.5, 0.75, 1, 1.5, 2, 3, 4, 6, 8];

export interface Size {
  width: number;
  height: number;
}

export interface Box extends Size {
  /** Width of the picture itself, before it is turned. */
  pictureWidth: number;
}

export function fitted(natural: Size, room: Size, turn: number, zoom: number): Box {
  if (!natural.width || !natural.height || !room.width || !room.height) return { width: 0, height: 0, pictureWidth: 0 };
  const lying = turn % 180 !== 0;
  const seen = lying ? { width: natural.height, height: natural.width } : natural;
  const scale = Math.min(room.width / seen.width, room.height / seen.height) * zoom;
  return {
    width: Math.floor(seen.width * scale),
    height: Math.floor(seen.height * scale),
    pictureWidth: Math.floor(natural.width * scale),
  };
}

/** The next step in or out; between the steps to the nearest in that direction. */
export function zoomed(zoom: number, direction: 1 | -1): number {
  const next = direction > 0 ? STEPS.find((step) => step > zoom) : STEPS.findLast((step) => step < zoom);
  return next ?? zoom;
}

/** Degrees clockwise, 0 to 270. */
export function turned(turn: number, by: number): number {
  return (turn + by + 360) % 360;
}
