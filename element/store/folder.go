package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"fieldline/element"
)

// openFolder makes the data folder and the database file when they are not
// there, readable by their owner only, and locks the folder for this process.
// The lock lives as long as the returned file is open.
func openFolder(dir string) (lock *os.File, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, folderError(dir, err)
	}
	lock, err = os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, folderError(dir, err)
	}
	held, err := tryLock(lock)
	switch {
	case err != nil:
		err = folderError(dir, err)
	case held:
		err = element.Errorf(element.Conflict, "The data folder %q is in use by another Fieldline: stop that one, or choose another folder.", dir)
	default:
		err = createDatabase(dir)
	}
	if err != nil {
		_ = lock.Close() // the error that counts is on its way
		return nil, err
	}
	return lock, nil
}

// createDatabase makes sure that the database is a file that can be written.
// SQLite gives its companion files the same mode.
func createDatabase(dir string) error {
	path := filepath.Join(dir, FileName)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return folderError(path, err)
	}
	if err := errors.Join(f.Close(), syncFolder(dir)); err != nil {
		return folderError(dir, err)
	}
	return nil
}

// folderError says in a sentence why the data folder, or the file in it,
// cannot be used.
func folderError(path string, err error) error {
	e := &element.Error{Code: element.Unavailable, Err: err}
	switch {
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrExist):
		e.Msg = element.Errorf("", "The data folder %q is a file, or lies inside of one: choose a folder.", path).Msg
	case errors.Is(err, syscall.EISDIR):
		e.Msg = element.Errorf("", "%q is a folder; it would be the database: move it away, or choose another data folder.", path).Msg
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Msg = element.Errorf("", "%q cannot be written: change its owner or its permissions, or choose another data folder.", path).Msg
	case errors.Is(err, syscall.ENOSPC):
		e.Msg = element.Errorf("", "The disk of %q is full: free some space, or choose another data folder.", path).Msg
	default:
		e.Msg = element.Errorf("", "The data folder cannot be used: %v.", err).Msg
	}
	return e
}
