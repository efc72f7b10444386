package page

import (
	"embed"
	"html/template"
	"net/http"

	"optout/writers"
)

//go:embed templates/*.tmpl templates/page.css
var files embed.FS

// look reads the templates and the style sheet, which begins with the report's.
func look() (*template.Template, []byte, error) {
	style, err := writers.Style()
	if err != nil {
		return nil, nil, err
	}
	own, err := files.ReadFile("templates/page.css")
	if err != nil {
		return nil, nil, err
	}
	templates, err := template.New("").Funcs(writers.Words()).Funcs(words).ParseFS(files, "templates/*.tmpl")
	return templates, append(style[:len(style):len(style)], own...), err
}

func (p *Page) sheet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(p.style)
}
