package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The height that the tiled-log format fixes: 256 hashes a tile.
const tileHeight = 8

// diskLog is a log folder whose checkpoint has been opened with the log's key. It is the
// tlog.TileReader of its own tiles.
type diskLog struct {
	dir      string
	verifier note.Verifier
	raw      []byte
	tree     tlog.Tree
}

func openLog(dir, vkey string) (*diskLog, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return nil, err
	}
	tree, err := openCheckpoint(raw, verifier)
	if err != nil {
		return nil, err
	}
	return &diskLog{dir: dir, verifier: verifier, raw: raw, tree: tree}, nil
}

func openCheckpoint(raw []byte, verifier note.Verifier) (tlog.Tree, error) {
	opened, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("the checkpoint's body is not origin, size and root")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		return tlog.Tree{}, fmt.Errorf("bad size %q", lines[1])
	}
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tlog.Tree{}, fmt.Errorf("bad root %q", lines[2])
	}
	return tlog.Tree{N: size, Hash: tlog.Hash(root)}, nil
}

// tilePath spells a tile as tlog-tiles does: without the height, and "entries" for the records.
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

func (l *diskLog) read(tile tlog.Tile) ([]byte, error) {
	return os.ReadFile(filepath.Join(l.dir, filepath.FromSlash(tilePath(tile))))
}

func (l *diskLog) Height() int { return tileHeight }

func (l *diskLog) SaveTiles([]tlog.Tile, [][]byte) {}

func (l *diskLog) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := l.read(tile)
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d bytes", tilePath(tile), len(data))
		}
		all = append(all, data)
	}
	return all, nil
}

// hashes gives reads that are each checked against the checkpoint's root.
func (l *diskLog) hashes() tlog.HashReader { return tlog.TileHashReader(l.tree, l) }

// bundleTiles lists the entry bundles of the log, whole ones and the partial last.
func (l *diskLog) bundleTiles() []tlog.Tile {
	const width = 1 << tileHeight
	var tiles []tlog.Tile
	for n := int64(0); n*width < l.tree.N; n++ {
		tiles = append(tiles, tlog.Tile{H: tileHeight, L: -1, N: n, W: int(min(width, l.tree.N-n*width))})
	}
	return tiles
}

// checkBundles rehashes every entry, compares it with the tiles and returns the leaf hashes.
func (l *diskLog) checkBundles() ([]tlog.Hash, error) {
	var leaves []tlog.Hash
	for _, tile := range l.bundleTiles() {
		data, err := l.read(tile)
		if err != nil {
			return nil, err
		}
		hashes, err := hashBundle(data)
		if err != nil || len(hashes) != tile.W {
			return nil, fmt.Errorf("%s is no bundle of %d entries: %v", tilePath(tile), tile.W, err)
		}
		leaves = append(leaves, hashes...)
	}
	return leaves, l.compareLeaves(leaves)
}

func hashBundle(data []byte) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for len(data) > 0 {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return nil, errors.New("truncated entry")
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		hashes = append(hashes, tlog.RecordHash(data[2:end]))
		data = data[end:]
	}
	return hashes, nil
}

func (l *diskLog) compareLeaves(leaves []tlog.Hash) error {
	indexes := make([]int64, len(leaves))
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, int64(i))
	}
	stored, err := l.hashes().ReadHashes(indexes)
	if err != nil {
		return err
	}
	for i, hash := range stored {
		if hash != leaves[i] {
			return fmt.Errorf("entry %d does not have the hash that its tile names", i)
		}
	}
	return nil
}
