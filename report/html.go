package report

import (
	"bytes"
	"encoding/base64"
	"html/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// toHTML renders Markdown as one page that needs no other file: pictures are
// inside it as data. Raw HTML in the Markdown is not passed through, and bare
// addresses are not made links.
func toHTML(markdown []byte, title string, pictures map[string][]byte) ([]byte, error) {
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))
	doc := md.Parser().Parse(text.NewReader(markdown))
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if img, ok := n.(*ast.Image); ok && entering {
			if png, ok := pictures[string(img.Destination)]; ok {
				img.Destination = []byte("data:image/png;base64," + base64.StdEncoding.EncodeToString(png))
			}
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	if err := md.Renderer().Render(&body, markdown, doc); err != nil {
		return nil, err
	}
	t, err := template.ParseFS(templateFiles, "templates/page.html.tmpl")
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	err = t.Execute(&page, struct {
		Title string
		Body  template.HTML
	}{title, template.HTML(body.String())})
	return page.Bytes(), err
}
