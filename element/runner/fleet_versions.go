package runner

import (
	"context"

	"fieldline/element"
)

// Versions lists the versions that an element can use, and those whose values
// are kept.
func (f *Fleet) Versions(ctx context.Context, id element.ID) (element.Versions, error) {
	all := f.o.Catalog.Connectors()
	count := f.count()
	return askElement(ctx, f, id, func(r *Runner) (element.Versions, error) {
		return r.record.versions(all, count), nil
	})
}

// VersionChanges tells what another version would change; back asks about going
// back to the values that were kept with it.
func (f *Fleet) VersionChanges(ctx context.Context, id element.ID, version string, back bool) (element.VersionChanges, error) {
	return f.versionChanges(ctx, id, version, back)
}

// Back goes back to a version with the values that were kept with it; "" is the
// one that was left last.
func (f *Fleet) Back(ctx context.Context, id element.ID, wish element.VersionWish, by string) (element.Element, error) {
	return askElement(ctx, f, id, func(r *Runner) (element.Element, error) {
		f.binding.RLock()
		defer f.binding.RUnlock()
		return r.back(wish, by)
	})
}

// ForgetVersion forgets the values that are kept with a version.
func (f *Fleet) ForgetVersion(ctx context.Context, id element.ID, version, by string) error {
	_, err := askElement(ctx, f, id, func(r *Runner) (struct{}, error) { return struct{}{}, r.forgetVersion(version, by) })
	return err
}

// DeleteConnector forgets an uploaded connector. Conflict when it came with the
// program, or when an element uses it or can go back to it.
func (f *Fleet) DeleteConnector(ctx context.Context, name, version, by string) error {
	f.binding.Lock()
	defer f.binding.Unlock()
	if err := f.o.Catalog.Delete(ctx, name, version); err != nil {
		return err
	}
	f.o.Logger.InfoContext(ctx, "connector deleted", "connector", name, "version", version, "by", by)
	return nil
}
