//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package store

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes the lock of an open file without waiting; held is true when
// another process has it. It ends when the file is closed, by a crash too.
func tryLock(f *os.File) (held bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return true, nil
	}
	return false, err
}

// syncFolder makes what was created in a folder survive a loss of power. Some
// file systems cannot do that for a folder and say EINVAL; SQLite, too, goes on.
func syncFolder(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, f.Close())
}

// aloneQuery opens a database without locks and without a shared index of its
// log: see readOnlyPragmas.
const aloneQuery = "&vfs=unix-none&_pragma=locking_mode(EXCLUSIVE)"

// isFull and isReadOnly report what a system call says of the disk.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

func isReadOnly(err error) bool { return errors.Is(err, syscall.EROFS) }
