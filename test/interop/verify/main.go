// Command verify judges checkpoints, proofs and tiles with the published Go implementation of
// transparency logs, which shares no code with ours. It reads a JSON list of checks on standard
// input and writes one line for each on standard output: "good", or "bad" and the reason.
package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A check is one thing to judge; which fields it has depends on its kind. Bytes are base64.
type check struct {
	Kind  string            // checkpoint, proof, consistency or tiles
	Key   string            // verifier key that must have signed
	Note  string            // checkpoint: the signed note; tiles: that of the tree
	Proof string            // proof: the text of a tlog-proof; consistency: a witness request body
	Line  []byte            // proof: the record
	Old   string            // consistency: the signed note of the smaller tree
	Tiles map[string][]byte // tiles: by path
}

func main() {
	var checks []check
	if err := json.NewDecoder(os.Stdin).Decode(&checks); err != nil {
		fmt.Fprintln(os.Stderr, "expected a JSON list of checks:", err)
		os.Exit(3)
	}
	for _, c := range checks {
		if err := judge(c); err != nil {
			fmt.Printf("bad %s\n", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("good")
		}
	}
}

func judge(c check) error {
	switch c.Kind {
	case "checkpoint":
		_, err := open(c.Note, c.Key)
		return err
	case "proof":
		return judgeProof(c)
	case "consistency":
		return judgeConsistency(c)
	case "tiles":
		return judgeTiles(c)
	}
	return fmt.Errorf("unknown kind %q", c.Kind)
}

// open verifies a note under one key and reads the tree its text names.
func open(text, key string) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open([]byte(text), note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, errors.New("not the three lines of a checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// judgeProof follows the text of c2sp.org/tlog-proof line by line.
func judgeProof(c check) error {
	head, signed, found := strings.Cut(c.Proof, "\n\n")
	if !found {
		return errors.New("no empty line")
	}
	lines := strings.Split(head, "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("no tlog-proof")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return errors.New("no index")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return err
	}
	path, err := parseHashes(lines[1:])
	if err != nil {
		return err
	}
	tree, err := open(signed, c.Key)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(tlog.RecordProof(path), tree.N, tree.Hash, index, tlog.RecordHash(c.Line))
}

// judgeConsistency reads the body of a request to a witness: old size, hashes, new checkpoint.
func judgeConsistency(c check) error {
	head, signed, found := strings.Cut(c.Proof, "\n\n")
	if !found {
		return errors.New("no empty line")
	}
	lines := strings.Split(head, "\n")
	older, err := open(c.Old, c.Key)
	if err != nil {
		return err
	}
	if lines[0] != fmt.Sprintf("old %d", older.N) {
		return errors.New("another old size")
	}
	hashes, err := parseHashes(lines[1:])
	if err != nil {
		return err
	}
	newer, err := open(signed, c.Key)
	if err != nil {
		return err
	}
	return tlog.CheckTree(tlog.TreeProof(hashes), newer.N, newer.Hash, older.N, older.Hash)
}

// judgeTiles reads the leaf hash of every record through the tiles, and makes the tree of them anew:
// the reader alone does not look at every tile it was given.
func judgeTiles(c check) error {
	tree, err := open(c.Note, c.Key)
	if err != nil {
		return err
	}
	indexes := make([]int64, tree.N)
	for n := range indexes {
		indexes[n] = tlog.StoredHashIndex(0, int64(n))
	}
	leaves, err := tlog.TileHashReader(tree, tiles(c.Tiles)).ReadHashes(indexes)
	if err != nil {
		return err
	}
	var stored hashes
	for n, leaf := range leaves {
		added, err := tlog.StoredHashesForRecordHash(int64(n), leaf, &stored)
		if err != nil {
			return err
		}
		stored = append(stored, added...)
	}
	root, err := tlog.TreeHash(tree.N, &stored)
	if err == nil && root != tree.Hash {
		err = errors.New("the tiles give another root")
	}
	return err
}

// hashes are those of a tree in the order of tlog.StoredHashIndex.
type hashes []tlog.Hash

func (h *hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		found[i] = (*h)[index]
	}
	return found, nil
}

// tiles are files by the path that c2sp.org/tlog-tiles gives them.
type tiles map[string][]byte

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, ok := t[path]
		if !ok {
			return nil, fmt.Errorf("no tile %s", path)
		}
		found = append(found, data)
	}
	return found, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func parseHashes(lines []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, line := range lines {
		raw, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return nil, fmt.Errorf("no hash: %q", line)
		}
		hashes = append(hashes, tlog.Hash(raw))
	}
	return hashes, nil
}
