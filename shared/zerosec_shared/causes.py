"""Why the system refused something, as part of a sentence: what happens often in our own words, the rest in the system's."""

import errno

from zerosec_shared.texts import say

__all__ = ["cause"]

_KNOWN = {
    errno.EACCES: say("permission denied"),
    errno.EPERM: say("permission denied"),
    errno.ENOENT: say("no such file or folder"),
    errno.ENOTDIR: say("not a folder"),
    errno.EISDIR: say("it is a folder"),
    errno.EEXIST: say("it exists already"),
    errno.ENOSPC: say("no space left"),
    errno.EDQUOT: say("your share of the disk is used up"),
    errno.EROFS: say("the disk can only be read"),
    errno.ENAMETOOLONG: say("the name is too long"),
    errno.EIO: say("the disk does not answer as it should"),
    errno.EMFILE: say("too many open files"),
    errno.EBUSY: say("another program uses it"),
}


def cause(error: OSError) -> str:
    """Why, without a full stop: "permission denied"."""
    return _KNOWN.get(error.errno or 0) or error.strerror or str(error)
