import questions from "./eligibility.json";

/** A question before the form, and the answer with which one may go on. Its texts are `eligibility.<procedure>.<id>…`. */
export interface Question {
  id: string;
  go_on: string;
}

export function eligibilityOf(procedure: string): Question[] | undefined {
  return (questions as Record<string, Question[]>)[procedure];
}
