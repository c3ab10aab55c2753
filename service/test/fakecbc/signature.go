package fakecbc

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The names and forms of Huawei Cloud's signature.
const (
	algorithm  = "SDK-HMAC-SHA256"
	dateHeader = "X-Sdk-Date"
	dateLayout = "20060102T150405Z"
	maxSkew    = 15 * time.Minute
)

// authorization matches an Authorization header: access key, names of the signed headers, signature.
var authorization = regexp.MustCompile(`^` + algorithm + ` Access=([^, ]+), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$`)

// Keys are those of one caller.
type Keys struct{ Access, Secret string }

// verify returns what is wrong with the signature of a request, or nil.
func (k Keys) verify(r *http.Request, body []byte, now time.Time) error {
	parts := authorization.FindStringSubmatch(r.Header.Get("Authorization"))
	if parts == nil {
		return fmt.Errorf("the Authorization header %q is not of the form %v", r.Header.Get("Authorization"), authorization)
	}
	access, signed, signature := parts[1], strings.Split(parts[2], ";"), parts[3]
	date, err := time.Parse(dateLayout, r.Header.Get(dateHeader))
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", dateHeader, err)
	case now.Sub(date).Abs() > maxSkew:
		return fmt.Errorf("%s: %v is more than %v off", dateHeader, date, maxSkew)
	case access != k.Access:
		return fmt.Errorf("the access key is %q, want %q", access, k.Access)
	case !slices.IsSorted(signed) || !slices.Contains(signed, strings.ToLower(dateHeader)):
		return fmt.Errorf("the signed headers %q are not sorted, or lack %s", signed, dateHeader)
	}
	if canonical := canonicalRequest(r, signed, body); signature != k.sign(r.Header.Get(dateHeader), canonical) {
		return errors.New("the signature is not that of the request:\n" + canonical)
	}
	return nil
}

// sign returns the signature of a canonical request.
func (k Keys) sign(date, canonical string) string {
	mac := hmac.New(sha256.New, []byte(k.Secret))
	_, _ = mac.Write([]byte(strings.Join([]string{algorithm, date, digest([]byte(canonical))}, "\n")))
	return hex.EncodeToString(mac.Sum(nil))
}

// canonicalRequest returns what is signed: method, path, query, headers, their names, and the digest of the body.
func canonicalRequest(r *http.Request, signed []string, body []byte) string {
	headers := ""
	for _, name := range signed {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		headers += name + ":" + strings.TrimSpace(value) + "\n"
	}
	return strings.Join([]string{r.Method, canonicalPath(r.URL.Path), canonicalQuery(r.URL.Query()), headers, strings.Join(signed, ";"), digest(body)}, "\n")
}

// canonicalPath escapes each segment of a path, and ends it with a slash.
func canonicalPath(path string) string {
	segments := strings.Split(strings.TrimSuffix(path, "/"), "/")
	for i, segment := range segments {
		segments[i] = escape(segment)
	}
	return strings.Join(segments, "/") + "/"
}

// canonicalQuery escapes the parameters and sorts them.
func canonicalQuery(query url.Values) string {
	var pairs [][2]string
	for name, values := range query {
		for _, value := range values {
			pairs = append(pairs, [2]string{escape(name), escape(value)})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	texts := make([]string, len(pairs))
	for i, pair := range pairs {
		texts[i] = pair[0] + "=" + pair[1]
	}
	return strings.Join(texts, "&")
}

// escape escapes all but the unreserved characters of RFC 3986.
func escape(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

// digest returns the SHA-256 of a text in hexadecimal digits.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
