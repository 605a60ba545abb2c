package store

import (
	"os"
	"syscall"
)

// spaceOf asks the file system of a folder for its free space. What only root
// may use counts for root alone.
func spaceOf(dir string) space {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return space{}
	}
	blocks := fs.Bavail
	if os.Geteuid() == 0 {
		blocks = fs.Bfree
	}
	const readOnly = 1 // ST_RDONLY
	return space{known: fs.Blocks > 0, free: blocks * uint64(max(fs.Bsize, 1)), readOnly: fs.Flags&readOnly != 0}
}
