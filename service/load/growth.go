package main

type growth struct{}
