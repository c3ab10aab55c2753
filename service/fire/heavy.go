package main

import (
	"errors"
	"math/rand/v2"
	"strings"
	"sync/atomic"

	"github.com/cbcerr/cbcerr/gen/go/cbc/error/v1"
)

// A heavy is a request that costs the server much and its client little: its bytes are made before, and so are those of its
// answer, which was judged once.
type heavy struct{ request, want []byte }

// A heavyWay sends heavy requests in one of two forms.
type heavyWay struct {
	write func(*errorv1.BatchTranslateRequest) ([]byte, error)
	read  func([]byte, *errorv1.BatchTranslateResponse) error
	// ask sends a request. The answer must be the one that is wanted, and is returned where none is.
	ask func(h *heavy) (answer []byte, v verdict)
}

// heavyCalls makes requests of varied responses, each of which is asked for and judged here, item by item; and a call of one after another.
func heavyCalls(w heavyWay) (func() verdict, error) {
	var all []*heavy
	for range 16 {
		h, err := w.make()
		if err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	var n atomic.Int64
	return func() verdict {
		_, v := w.ask(all[int(n.Add(1))%len(all)])
		return v
	}, nil
}

// make makes a request and has it answered.
func (w *heavyWay) make() (*heavy, error) {
	list := questions()
	var asked []*question
	batch := new(errorv1.BatchTranslateRequest)
	for i := range batchSize {
		q := *list[rand.N(len(list))]
		q.body += strings.Repeat(" ", i%7) // no two need be alike
		asked, batch.Requests = append(asked, &q), append(batch.Requests, q.request())
	}
	request, err := w.write(batch)
	if err != nil {
		return nil, err
	}
	answer, v := w.ask(&heavy{request: request})
	if v.kind != right {
		return nil, errors.New(v.said)
	}
	return &heavy{request, answer}, w.judge(answer, asked)
}

func (w *heavyWay) judge(answer []byte, asked []*question) error {
	var reply errorv1.BatchTranslateResponse
	if err := w.read(answer, &reply); err != nil {
		return err
	}
	if len(reply.GetResults()) != len(asked) {
		return errors.New("another number of results")
	}
	for i, q := range asked {
		if v := q.judgeResult(reply.GetResults()[i]); v.kind != right {
			return errors.New(v.said)
		}
	}
	return nil
}
