package identity

import "testing"

func TestWidened(t *testing.T) {
	both := Widening{PlusTags: true, GmailDots: true}
	for _, tt := range []struct {
		email string
		w     Widening
		want  string
	}{
		{"anna+news@example.com", Widening{}, "anna+news@example.com"},
		{"anna+news@example.com", Widening{PlusTags: true}, "anna@example.com"},
		{"anna+a+b@example.com", both, "anna@example.com"},
		{"+anna@example.com", both, "+anna@example.com"},
		{"a.nn.a@gmail.com", Widening{GmailDots: true}, "anna@gmail.com"},
		{"a.nn.a@gmail.com", Widening{PlusTags: true}, "a.nn.a@gmail.com"},
		{"a.nna+x.y@googlemail.com", both, "anna@gmail.com"},
		{"a.nna+x@googlemail.com", Widening{GmailDots: true}, "anna+x@gmail.com"},
		{"a.nna@example.com", both, "a.nna@example.com"},
		{"anna@notgmail.com", both, "anna@notgmail.com"},
		{"..@gmail.com", both, "..@gmail.com"},
	} {
		if got := string(AppendWidened([]byte("x"), []byte(tt.email), tt.w)); got != "x"+tt.want {
			t.Errorf("%s by %+v: got %s, want %s", tt.email, tt.w, got[1:], tt.want)
		}
	}
}
