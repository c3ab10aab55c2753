package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"sync"
)

// A recorder passes connections on to a target, and records their bytes.
type recorder struct {
	listener    net.Listener
	connections sync.WaitGroup
	mutex       sync.Mutex
	recordings  []*recording
}

// A recording is what a client sent and received on a connection.
type recording struct{ sent, received bytes.Buffer }

// record starts a recorder on the port to which the name of the CBC leads.
func record(target string) (*recorder, error) {
	l, err := net.Listen("tcp", "127.0.0.1:80")
	if err != nil {
		return nil, err
	}
	r := &recorder{listener: l}
	r.connections.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			r.connections.Go(func() { r.pass(client, target) })
		}
	})
	return r, nil
}

// pass records one connection until both sides have ended it.
func (r *recorder) pass(client net.Conn, target string) {
	defer client.Close()
	server, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer server.Close()
	c := &recording{}
	r.mutex.Lock()
	r.recordings = append(r.recordings, c)
	r.mutex.Unlock()
	var directions sync.WaitGroup
	directions.Go(func() {
		_, _ = io.Copy(server, io.TeeReader(client, &c.sent))
		_ = server.(*net.TCPConn).CloseWrite()
	})
	directions.Go(func() {
		_, _ = io.Copy(client, io.TeeReader(server, &c.received))
		_ = client.(*net.TCPConn).CloseWrite()
	})
	directions.Wait()
}

// A response is one as it was on the wire.
type response struct {
	path   string
	status int
	header http.Header
	body   string
	err    error // of a body that breaks off
}

// stop ends the recorder, and returns the responses in the order of the connections.
func (r *recorder) stop() ([]response, error) {
	r.listener.Close()
	r.connections.Wait()
	var all []response
	for _, c := range r.recordings {
		sent, received := bufio.NewReader(&c.sent), bufio.NewReader(&c.received)
		for {
			request, err := http.ReadRequest(sent)
			if err != nil {
				break // the end
			}
			_, _ = io.Copy(io.Discard, request.Body)
			reply, err := http.ReadResponse(received, request)
			if err != nil {
				return nil, err
			}
			body, err := io.ReadAll(reply.Body)
			reply.Body.Close()
			all = append(all, response{request.URL.Path, reply.StatusCode, reply.Header, string(body), err})
		}
	}
	return all, nil
}
