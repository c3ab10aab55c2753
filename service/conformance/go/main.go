// Command go is the executor of the Go client: it does what tasks say and reports what the client made of the answers.
package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/cbcerr/cbcerr/service/conformance/gen/conformancev1"
	"google.golang.org/protobuf/proto"
)

func main() {
	if err := serve(bufio.NewReader(os.Stdin), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// serve does each task before it reads the next.
func serve(in io.Reader, out io.Writer) error {
	for {
		task := new(conformancev1.Task)
		if err := read(in, task); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := write(out, do(context.Background(), task)); err != nil {
			return err
		}
	}
}

func read(in io.Reader, m proto.Message) error {
	var size [4]byte
	if _, err := io.ReadFull(in, size[:]); err != nil {
		return err
	}
	content := make([]byte, binary.BigEndian.Uint32(size[:]))
	if _, err := io.ReadFull(in, content); err != nil {
		return fmt.Errorf("a task broke off: %w", err)
	}
	return proto.Unmarshal(content, m)
}

func write(out io.Writer, m proto.Message) error {
	content, err := proto.Marshal(m)
	if err != nil {
		return err
	}
	_, err = out.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(content))), content...))
	return err
}

func do(ctx context.Context, task *conformancev1.Task) *conformancev1.Report {
	door, known := doors[task.GetDoor()]
	if !known {
		return &conformancev1.Report{Name: task.GetName(), Failure: fmt.Sprintf("no such door: %v", task.GetDoor())}
	}
	readings, err := door(ctx, task)
	if err != nil {
		return &conformancev1.Report{Name: task.GetName(), Failure: err.Error()}
	}
	return &conformancev1.Report{Name: task.GetName(), Readings: readings}
}
