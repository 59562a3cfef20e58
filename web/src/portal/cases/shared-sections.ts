/** What travels together has the same, unless it is said otherwise: the journey, who invites, who pays, which mission. */
export const SHARED = ["trip", "host", "funds", "mission"];
