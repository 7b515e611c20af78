package loadtest

func (d *decoder) locustHistory() error { return errString }
func (d *decoder) locustJSON() error    { return errString }
func (d *decoder) fortio() error        { return errString }
func (d *decoder) aiperfRecords() error { return errString }
func (d *decoder) aiperfSummary() error { return errString }
func (d *decoder) guideLLM() error      { return errString }
