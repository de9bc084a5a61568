/** The signals that a container can be stopped with, as Docker names them (moby/sys/signal, those of Linux). */

const names = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP ' +
    'TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
  ).split(' '),
);

/** Whether the text is a number other than 0, or a name with or without SIG, in any letter case. */
export function isSignal(text: string): boolean {
  if (/^\d+$/.test(text)) return Number(text) > 0;
  const name = text.toUpperCase().replace(/^SIG/, '');
  const [, realTime, offset] = /^(RTMIN\+|RTMAX-)(\d{1,2})$/.exec(name) ?? [];
  if (!realTime) return names.has(name);
  return Number(offset) >= 1 && Number(offset) <= (realTime === 'RTMIN+' ? 15 : 14);
}
