/// How the site looks: light, dark and on paper, on a wide screen and on a phone.
enum SiteStyle {
  static var sheet: String { colours + SVG.styles + "\n" + layout }

  /// The reader's system decides, unless the reader has.
  private static var colours: String {
    func variables(_ colour: KeyPath<Theme.Colour, String>) -> String {
      Theme.inks.map { "--\(Theme.name($0)):\(Theme.colour($0)[keyPath: colour])" }
        .joined(separator: ";")
    }
    let (light, dark) = (variables(\.light), variables(\.dark))
    return """
      :root{color-scheme:light;\(light)}
      @media screen and (prefers-color-scheme:dark){
      :root:not([data-theme=light]){color-scheme:dark;\(dark)}
      }
      @media screen{
      :root[data-theme=dark]{color-scheme:dark;\(dark)}
      }

      """
  }

  /// The controls above the table of experiments; without a script there are none.
  static let filter = """
    <form class="filter scripted" role="search">
    <label>Search <input type="search" id="search" placeholder="press / from anywhere" \
    autocomplete="off"></label>
    <label>Area <select id="area"><option value="">all</option></select></label>
    <label>Verdict <select id="verdict"><option value="">all</option></select></label>
    <output id="count" aria-live="polite"></output>
    </form>

    """

  private static let layout = """
    *{box-sizing:border-box}
    body{margin:0;background:var(--surface);color:var(--text);
    font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}
    a{color:var(--s1)}
    :focus-visible{outline:3px solid var(--s2);outline-offset:2px;border-radius:2px}
    h1:focus-visible,main:focus-visible{outline:none}
    .skip{position:absolute;left:-999px}
    .skip:focus{left:8px;top:8px;z-index:3;background:var(--surface);padding:6px 10px}
    header{position:sticky;top:0;z-index:2;display:flex;flex-wrap:wrap;gap:2px 16px;
    align-items:center;padding:8px 16px;background:var(--surface);
    border-bottom:1px solid var(--grid)}
    header nav{display:flex;flex-wrap:wrap;gap:2px 14px;flex:1}
    header nav a{text-decoration:none;padding:4px 0}
    header nav a[aria-current]{border-bottom:2px solid var(--s2);color:var(--text)}
    button,input,select{font:inherit;color:inherit;background:var(--surface);
    border:1px solid var(--axis);border-radius:6px;padding:4px 8px;max-width:100%}
    button{cursor:pointer}
    main{max-width:66rem;margin:0 auto;padding:8px 16px 48px;overflow-wrap:anywhere}
    h1{font-size:1.6rem;line-height:1.25;margin:.8em 0 .5em}
    h2{font-size:1.25rem;margin:1.8em 0 .5em}
    h1,h2,h3{scroll-margin-top:90px}
    .page{scroll-margin-top:90px}
    .page+.page{border-top:3px solid var(--grid);margin-top:40px}
    html:not(.js) .scripted{display:none}
    .js .page{display:none;border:0!important;margin:0!important}
    .js .page.on{display:block}
    blockquote{margin:1em 0;padding:2px 0 2px 14px;border-left:4px solid var(--axis);
    color:var(--muted)}
    blockquote p{margin:.4em 0}
    code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;
    font-size:.86em}
    :not(pre)>code{background:color-mix(in srgb,var(--grid) 45%,transparent);padding:1px 4px;
    border-radius:4px}
    pre{overflow-x:auto;padding:10px 12px;border:1px solid var(--grid);border-radius:6px;
    line-height:1.4;overflow-wrap:normal;margin:.6em 0;
    background:color-mix(in srgb,var(--grid) 25%,transparent)}
    .scroll{overflow-x:auto;margin:.8em 0;overflow-wrap:normal}
    table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
    .scroll th,.scroll td{padding:5px 10px;border-bottom:1px solid var(--grid);
    vertical-align:top}
    .scroll th{white-space:nowrap}
    .scroll td:has(>a){min-width:9rem}
    td[align=right],th[align=right]{white-space:nowrap}
    .experiments td:first-child{min-width:15rem}
    th button{border:0;padding:0;background:none;font-weight:inherit}
    th[aria-sort=ascending] button::after{content:" ▲"}
    th[aria-sort=descending] button::after{content:" ▼"}
    table.code{width:100%;table-layout:fixed;font-size:1rem}
    table.code th{text-align:left;padding:4px 8px 0 0;font-weight:600}
    table.code td{vertical-align:top;padding:0 12px 0 0}
    figure{margin:1em 0}
    svg{display:block;max-width:100%;height:auto;
    font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}
    .chart{display:inline-block;vertical-align:top;width:36rem;max-width:100%}
    .chart svg{width:100%}
    .diagram svg{margin:0 auto}
    .diagram.narrow{display:none}
    .tipped{stroke:var(--s2);stroke-width:2}
    #tip{position:fixed;z-index:4;pointer-events:none;max-width:min(22rem,90vw);
    background:var(--text);color:var(--surface);border-radius:6px;padding:5px 9px;
    font-size:.85rem;line-height:1.35}
    #tip:empty{display:none}
    .filter{display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center;margin:1em 0 .4em}
    .filter output{color:var(--muted)}
    .pager{display:flex;justify-content:space-between;gap:24px;margin-top:1.5em}
    .pager a[rel=next]{text-align:right}
    .pager a[rel=prev]::before{content:"← "}
    .pager a[rel=next]::after{content:" →"}
    .map{display:grid;grid-template-columns:repeat(auto-fill,minmax(18rem,1fr));gap:20px 28px;
    margin:1em 0 2em}
    .group{display:flex;justify-content:space-between;gap:10px;padding:3px 0;
    border-bottom:1px solid var(--grid);font-size:.88rem}
    small{color:var(--muted);white-space:nowrap}
    .slots{display:flex;flex-wrap:wrap;gap:4px;justify-content:flex-end;max-width:11rem;flex:none}
    .slot{display:inline-block;width:18px;height:18px;border-radius:4px;vertical-align:-4px;
    border:2px solid var(--c);background:var(--c);flex:none}
    .slot.open{--c:var(--grid);background:none;border-style:dashed}
    .slot.faster{--c:var(--s3)}.slot.slower{--c:var(--s2);border-radius:50%}
    .slot.same{--c:var(--s1);background:linear-gradient(45deg,var(--c) 50%,transparent 50%)}
    .slot.unresolved{--c:var(--s5);background:linear-gradient(var(--c) 50%,transparent 50%)}
    .slot.skipped{--c:var(--axis);background:none}.slot.waiting{--c:var(--axis);background:none;
    border-style:dotted}
    .legend span{white-space:nowrap;margin-right:14px;font-size:.88rem}
    @media (min-width:900px){
    .chart:has(+.chart),.chart+.chart{width:calc(50% - 4px)}
    }
    @media (max-width:760px){
    header{position:static}
    header strong{flex:1}
    header nav{order:1;flex-basis:100%}
    .experiments td:first-child{min-width:11rem}
    .experiments td:nth-child(2),.experiments th:nth-child(2){display:none}
    h1,h2,h3{scroll-margin-top:8px}
    table.code,table.code tbody,table.code tr,table.code th,table.code td{display:block;
    width:100%;padding-right:0}
    table.code tr{display:contents}
    table.code,table.code tbody{display:grid;grid-template-columns:minmax(0,1fr)}
    table.code td:first-child{order:1}
    table.code th+th{order:2}
    table.code td+td{order:3}
    .diagram.wide{display:none}.diagram.narrow{display:block}
    }
    @media (max-width:560px){
    .experiments table,.experiments tbody{display:block}
    .experiments thead{display:none}
    .experiments tr{display:grid;grid-template-columns:auto 1fr;gap:2px 16px;padding:8px 0;
    border-bottom:1px solid var(--grid)}
    .experiments tr[hidden]{display:none}
    .experiments td{border:0;padding:0;text-align:left}
    .experiments td:first-child,.experiments td:nth-child(5){grid-column:1/-1}
    .experiments td:nth-child(5),.experiments td:nth-child(8){order:1}
    .experiments td:nth-child(n+5){color:var(--muted)}
    .experiments td:nth-child(5)::before{content:"over the sweep "}
    .experiments td:nth-child(6)::before{content:"predicted "}
    .experiments td:nth-child(7)::before{content:"error "}
    }
    @media print{
    body{font-size:10.5pt}
    header,.skip,.filter,.pager{display:none!important}
    main{max-width:none;padding:0}
    a{color:inherit}
    pre{white-space:pre-wrap;overflow-wrap:anywhere}
    .scroll{overflow:visible}
    figure,tr,li{break-inside:avoid}
    h1,h2,h3{break-after:avoid}
    html:not(.js) .page{break-before:page}
    .chart svg{width:12cm}
    }

    """
}
