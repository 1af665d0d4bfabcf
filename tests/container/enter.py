"""Becomes a program inside the image: `enter.py ROOT UID GID WORKDIR NAME=VALUE... -- PROGRAM ARGUMENT...`

What an engine does at last: this root, this folder, this user without further groups, this environment, and nothing
that was open before but the three streams."""
import os
import sys

root, uid, gid, workdir, *rest = sys.argv[1:]
split = rest.index("--")
environment = dict(pair.split("=", 1) for pair in rest[:split])
command = rest[split + 1:]
os.chroot(root)
os.chdir(workdir)
os.setgroups([])
os.setgid(int(gid))
os.setuid(int(uid))
os.closerange(3, 256)
os.execve(command[0], command, environment)
