/** An e-mail address as the register takes it. */
export const EMAIL = /^[^@\s]{1,64}@[^@\s]{1,190}$/;
