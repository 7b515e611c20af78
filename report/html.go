package report

import (
	"bytes"
	"encoding/base64"
	"html"
	"html/template"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// toHTML renders Markdown as one page that needs no other file: pictures are
// inside it as data. Raw HTML in the Markdown is not passed through, and bare
// addresses are not made links.
func toHTML(markdown []byte, title string, pictures map[string][]byte) ([]byte, error) {
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough))
	doc := md.Parser().Parse(text.NewReader(markdown))
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if t, ok := n.(*east.Table); ok && entering {
			labelCells(t, markdown)
		}
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

// labelCells gives every cell the head of its column, which a narrow page shows
// before it.
func labelCells(t *east.Table, markdown []byte) {
	var heads []string
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		column := 0
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			if row.Kind() == east.KindTableHeader {
				heads = append(heads, plainText(cell, markdown))
			} else if column < len(heads) {
				cell.SetAttributeString("data-label", []byte(html.EscapeString(heads[column])))
			}
			column++
		}
	}
}

// plainText is what a reader sees of a node.
func plainText(n ast.Node, markdown []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // never fails
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(markdown))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
