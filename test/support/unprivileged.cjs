/** Required by a Node process that must not be root, for whom no file is unreadable. */
if (process.getuid?.() === 0) process.seteuid(65534);
