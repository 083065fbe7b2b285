/// How the page looks: one column that fits a phone, light or dark as the reader has it, no fonts or files from elsewhere.
enum StyleSheet {
  static let text = """
    :root { color-scheme: light dark; --ink: #202124; --soft: #5f6368; --line: #dadce0; --back: #ffffff; --card: #f6f7f9;
      --mark: #0072b2; --bad: #b3261e; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --soft: #a9afb6; --line: #3c4043; --back: #17181a;
      --card: #222428; --mark: #6cb8e8; --bad: #f2a59f; } }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--back); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
    main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: .5rem 0 .25rem; }
    h2 { font-size: 1.35rem; margin: 2.8rem 0 .6rem; padding-top: .6rem; border-top: 1px solid var(--line); }
    h3 { font-size: 1.05rem; margin: 1.6rem 0 .4rem; }
    p, ul, ol { max-width: 46rem; margin: .6rem 0; }
    li { margin: .25rem 0; }
    a { color: var(--mark); }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .9em; }
    pre { background: var(--card); padding: .7rem .9rem; border-radius: .5rem; overflow-x: auto; max-width: 100%; }
    code { overflow-wrap: anywhere; }
    .lead { font-size: 1.15rem; color: var(--soft); max-width: 46rem; }
    .soft, figcaption { color: var(--soft); font-size: .9rem; }
    nav ul { display: flex; flex-wrap: wrap; gap: .3rem 1rem; list-style: none; padding: 0; max-width: none; }
    .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .2rem 2rem; margin: 1rem 0; }
    .facts div { border-bottom: 1px solid var(--line); padding: .35rem 0; min-width: 0; overflow-wrap: anywhere; }
    .facts b { display: block; font-weight: 400; color: var(--soft); font-size: .82rem; }
    .scroll { overflow-x: auto; margin: .9rem 0; border: 1px solid var(--line); border-radius: .5rem; }
    table { border-collapse: collapse; width: 100%; font-size: .92rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .45rem .7rem; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top;
      white-space: nowrap; }
    tr:last-child > * { border-bottom: 0; }
    thead th { white-space: normal; color: var(--soft); font-weight: 600; font-size: .84rem; background: var(--card); vertical-align: bottom; }
    .first { position: sticky; left: 0; background: var(--back); text-align: left; font-weight: 600; white-space: normal;
      min-width: 9.5rem; max-width: 14rem; z-index: 1; }
    thead .first { background: var(--card); }
    .words { text-align: left; white-space: normal; min-width: 9rem; }
    .notes th, .notes td { text-align: left; white-space: normal; }
    td small, th small { display: block; color: var(--soft); font-weight: 400; font-size: .82em; }
    tr.real > * { background: var(--card); }
    tr.bad td, .bad { color: var(--bad); }
    .dot { display: inline-block; width: .7em; height: .7em; border-radius: 50%; margin-right: .45em; }
    .tag { display: inline-block; font-size: .75rem; font-weight: 400; color: var(--soft); border: 1px solid var(--line);
      border-radius: 1rem; padding: 0 .5em; white-space: nowrap; }
    figure { margin: 1.2rem 0; min-width: 0; }
    figcaption { margin-top: .4rem; max-width: 46rem; }
    .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 0 1.2rem; }
    .plot { max-width: 34rem; }
    .plot img { width: 100%; height: auto; display: block; background: #fff; border-radius: .5rem; }
    .picture { overflow-x: auto; border-radius: .5rem; background: #fff; border: 1px solid var(--line); }
    .picture img { display: block; max-width: 100%; height: auto; }
    .picture.wide img { width: 100%; }
    .strips { background: #fff; color: #202124; border: 1px solid var(--line); border-radius: .5rem; padding: .6rem; }
    .strip { display: grid; grid-template-columns: 8.5rem 1fr; gap: .1rem .8rem; align-items: center; padding: .18rem 0; }
    .strip.group { border-top: 1px solid #dadce0; margin-top: .3rem; padding-top: .45rem; }
    .strip b { font-size: .92rem; line-height: 1.25; display: block; }
    .strip span { font-size: .78rem; color: #5f6368; line-height: 1.25; display: block; }
    .strip img { max-width: 100%; height: auto; display: block; }
    .strip .none { background: #f1f3f4; color: #5f6368; font-size: .85rem; padding: 1rem; text-align: center;
      border-radius: .3rem; }
    .heads { display: grid; text-align: center; font-size: .75rem; color: #5f6368; }
    .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 1.2rem; }
    details { margin: .8rem 0; }
    summary { cursor: pointer; color: var(--mark); padding: .3rem 0; }
    .note { background: var(--card); border-left: 3px solid var(--mark); padding: .5rem .9rem; border-radius: 0 .4rem .4rem 0;
      max-width: 46rem; }
    footer { color: var(--soft); font-size: .85rem; margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .8rem; }
    @media (max-width: 600px) {
      h1 { font-size: 1.5rem; }
      main { padding: 1rem .8rem 3rem; }
      .strip { grid-template-columns: 1fr; padding: .3rem 0; }
      .strip > div:first-child { display: flex; gap: .6rem; align-items: baseline; flex-wrap: wrap; }
      .picture.wide img { width: auto; min-width: 40rem; }
      .first { max-width: 8rem; min-width: 6rem; }
      th, td { padding: .4rem .5rem; }
    }
    @media print { .scroll { overflow: visible; } details > * { display: block; } }

    """
}
