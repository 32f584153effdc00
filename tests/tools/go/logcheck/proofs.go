package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	formats "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/api/layout"
	"github.com/transparency-dev/tessera/client"
	"golang.org/x/mod/sumdb/tlog"
)

// sample picks entries: all of a small log, else those around tile edges and some between.
func (l *diskLog) sample() []int64 {
	var picked []int64
	for i := int64(0); i < l.tree.N; i++ {
		edge := i%256 == 0 || i%256 == 255
		if l.tree.N <= 600 || (edge && (i/256)%37 == 0) || i%7919 == 0 || i == l.tree.N-1 {
			picked = append(picked, i)
		}
	}
	return picked
}

// checkRecords proves and checks inclusion as the Go command does.
func (l *diskLog) checkRecords(leaves []tlog.Hash) error {
	for _, i := range l.sample() {
		path, err := tlog.ProveRecord(l.tree.N, i, l.hashes())
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(path, l.tree.N, l.tree.Hash, i, leaves[i]); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return nil
}

func (l *diskLog) fetchTile(_ context.Context, level, index uint64, p uint8) ([]byte, error) {
	return os.ReadFile(filepath.Join(l.dir, filepath.FromSlash(layout.TilePath(level, index, p))))
}

// checkWithTessera does the same with tessera's client and transparency-dev's verifier.
func (l *diskLog) checkWithTessera(ctx context.Context, leaves []tlog.Hash) error {
	if _, _, _, err := formats.ParseCheckpoint(l.raw, l.verifier.Name(), l.verifier); err != nil {
		return err
	}
	size := uint64(l.tree.N)
	builder, err := client.NewProofBuilder(ctx, size, l.fetchTile)
	if err != nil {
		return err
	}
	for _, i := range l.sample() {
		path, err := builder.InclusionProof(ctx, uint64(i))
		if err != nil {
			return err
		}
		if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), size, leaves[i][:], path,
			l.tree.Hash[:]); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	return nil
}

// checkGrowth proves that the log extends the one of an earlier checkpoint, in both libraries.
func (l *diskLog) checkGrowth(ctx context.Context, oldRaw []byte) error {
	old, err := openCheckpoint(oldRaw, l.verifier)
	if err != nil {
		return err
	}
	path, err := tlog.ProveTree(l.tree.N, old.N, l.hashes())
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(path, l.tree.N, l.tree.Hash, old.N, old.Hash); err != nil {
		return err
	}
	builder, err := client.NewProofBuilder(ctx, uint64(l.tree.N), l.fetchTile)
	if err != nil {
		return err
	}
	nodes, err := builder.ConsistencyProof(ctx, uint64(old.N), uint64(l.tree.N))
	if err != nil {
		return err
	}
	return proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(old.N), uint64(l.tree.N), nodes,
		old.Hash[:], l.tree.Hash[:])
}
