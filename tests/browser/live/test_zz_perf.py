from tests.browser.grid.test_pastes import clipboard


def test_perf(desk, visit):
    form = visit("requests", viewport={"width": 1536, "height": 864})
    form.field("requests.received.natural_person").focus()
    t = clipboard("word-requests-whole.html")["html"]
    print(
        form.page.evaluate(
            """([name, flavours]) => { const t0=performance.now();
  const data = new DataTransfer(); Object.keys(flavours).forEach((type) => data.setData(type, flavours[type]));
  document.getElementById(name).dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  const t1=performance.now(); document.querySelector("[data-paste-bar] button").click(); const t2=performance.now();
  const input=document.getElementById(name); input.focus(); input.value="5"; const t3=performance.now(); input.dispatchEvent(new Event("input",{bubbles:true})); const t4=performance.now();
  document.dispatchEvent(new Event("x")); return [t1-t0,t2-t1,t4-t3]; }""",
            ["requests.received.natural_person", {"text/html": t}],
        )
    )
