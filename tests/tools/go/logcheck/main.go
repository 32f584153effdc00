// Command logcheck judges a tiled log on disk with software that mlprov shares no line with: the
// note and tlog packages of the Go command's checksum database, and tessera's client with
// transparency-dev's proofs.
//
//	logcheck [-old CHECKPOINT] DIR VKEY     check everything; exit 1 and a reason when it is wrong
//	logcheck -record N DIR VKEY             print the audit path of entry N, one hex hash a line
//	logcheck -tree N DIR VKEY               print the consistency proof from size N
package main

import (
	"context"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	oldPath := flag.String("old", "", "file with an earlier checkpoint of the same log")
	record := flag.Int64("record", -1, "print the audit path of this entry")
	treeSize := flag.Int64("tree", -1, "print the consistency proof from this size")
	flag.Parse()
	if flag.NArg() != 2 {
		fmt.Fprintln(os.Stderr, "usage: logcheck [-old CHECKPOINT | -record N | -tree N] DIR VKEY")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Arg(1), *oldPath, *record, *treeSize); err != nil {
		fmt.Fprintln(os.Stderr, "logcheck:", err)
		os.Exit(1)
	}
}

func run(dir, vkey, oldPath string, record, treeSize int64) error {
	log, err := openLog(dir, vkey)
	if err != nil {
		return err
	}
	if record >= 0 {
		proof, err := tlog.ProveRecord(log.tree.N, record, log.hashes())
		return printProof([]tlog.Hash(proof), err)
	}
	if treeSize >= 0 {
		proof, err := tlog.ProveTree(log.tree.N, treeSize, log.hashes())
		return printProof([]tlog.Hash(proof), err)
	}
	return checkAll(log, oldPath)
}

func printProof(proof []tlog.Hash, err error) error {
	for _, hash := range proof {
		fmt.Println(hex.EncodeToString(hash[:]))
	}
	return err
}

func checkAll(log *diskLog, oldPath string) error {
	leaves, err := log.checkBundles()
	if err != nil {
		return err
	}
	if err := log.checkRecords(leaves); err != nil {
		return err
	}
	ctx := context.Background()
	if err := log.checkWithTessera(ctx, leaves); err != nil {
		return err
	}
	if oldPath != "" {
		raw, err := os.ReadFile(filepath.Clean(oldPath))
		if err != nil {
			return err
		}
		if err := log.checkGrowth(ctx, raw); err != nil {
			return err
		}
	}
	fmt.Printf("ok: %d entries, root %s\n", log.tree.N, log.tree.Hash)
	return nil
}
