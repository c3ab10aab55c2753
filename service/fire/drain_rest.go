package main

import (
	"crypto/tls"
	"net/http"
)

// keptClients keep their connections open and never repeat a request.
func keptClients(d *daemon) (all []caller, release func(), err error) {
	var clients []*http.Client
	for range drainClients {
		client := httpClient(nil)
		clients, all = append(clients, client), append(all, overREST(withoutRepeats(client), "http://"+d.rest))
	}
	return all, func() {
		for _, client := range clients {
			client.CloseIdleConnections()
		}
	}, nil
}

// neverKept is a client that makes a connection for each request.
func neverKept(config *tls.Config) *http.Client {
	return &http.Client{Transport: &http.Transport{TLSClientConfig: config, DisableKeepAlives: true}}
}

// freshClients make a connection for each request, which the server has accepted or has not.
func freshClients(d *daemon) (all []caller, release func(), err error) {
	client := neverKept(nil)
	for range drainClients {
		all = append(all, overREST(withoutRepeats(client), "http://"+d.rest))
	}
	return all, func() {}, nil
}
