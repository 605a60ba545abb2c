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
// The lock lives as long as the returned file is open. A lock that comes with
// an error holds the folder all the same: its disk cannot be written. A nil
// one with an error of the disk says that there is no file to lock.
func openFolder(dir string) (lock *os.File, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, folderError(dir, err)
	}
	path := filepath.Join(dir, lockName)
	lock, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	var unwritable error
	if isFull(err) || isReadOnly(err) {
		unwritable = folderError(dir, err)
		lock, err = os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			if err := checkPresent(dir, false); err != nil {
				return nil, err
			}
			return nil, unwritable
		}
	}
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
		err = checkPresent(dir, hasMark(lock))
	}
	if err != nil {
		_ = lock.Close() // the error that counts is on its way
		return nil, err
	}
	if unwritable == nil {
		unwritable = createDatabase(dir)
	}
	if unwritable != nil && !mayDegrade(unwritable, space{}) {
		_ = lock.Close() // the error that counts is on its way
		return nil, unwritable
	}
	return lock, unwritable
}

// databaseFiles are the database and its write-ahead log; one without the other
// is not whole.
func databaseFiles(dir string) [2]string {
	path := filepath.Join(dir, FileName)
	return [2]string{path, path + "-wal"}
}

// mark is what the lock file says once a database was made in the folder.
const mark = "There is a database in this folder.\n"

func hasMark(lock *os.File) bool {
	info, err := lock.Stat()
	return err == nil && info.Size() > 0
}

// setMark leaves the mark; where that is not possible the folder is as it was
// before there were marks.
func setMark(lock *os.File) error {
	if hasMark(lock) {
		return nil
	}
	_, err := lock.WriteAt([]byte(mark), 0)
	return errors.Join(err, lock.Sync())
}

// checkPresent refuses a folder whose database is gone: an empty one in its
// place would look as if everything were well, and SQLite would delete the log
// that is left of it.
func checkPresent(dir string, marked bool) error {
	files := databaseFiles(dir)
	is := "is missing"
	switch info, err := os.Stat(files[0]); {
	case err == nil && info.Size() > 0:
		return nil
	case err == nil:
		is = "is empty"
	case !errors.Is(err, fs.ErrNotExist):
		return folderError(dir, err)
	}
	log, err := os.Stat(files[1])
	logged := err == nil && log.Size() > 0
	if !marked && !logged {
		return nil
	}
	return element.Errorf(element.Unavailable,
		"The database in %q is gone: %s %s, although there was one. Put it back, or restore a copy of the folder. To begin with an empty database, delete the files of the folder whose names begin with fieldline.", dir, FileName, is)
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
		e.Msg = element.Errorf("", "The data folder %q is a file, or lies inside one: choose a folder.", path).Msg
	case errors.Is(err, syscall.EISDIR):
		e.Msg = element.Errorf("", "%q is a folder where the database should be: move it away, or choose another data folder.", path).Msg
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		e.Msg = element.Errorf("", "%q cannot be written: change its owner or its permissions, or choose another data folder.", path).Msg
	case errors.Is(err, syscall.ENOSPC):
		e.Msg = element.Errorf("", "The disk of %q is full: free some space, or choose another data folder.", path).Msg
	default:
		e.Msg = element.Errorf("", "The data folder cannot be used: %v.", err).Msg
	}
	return e
}
