import type { ServiceStatus, Status } from './status.js';
import type { Ailment } from './symptoms.js';

/** The status as a page that needs nothing: no script, nothing from elsewhere. It asks again by itself. */
export function pageOf(status: Status): string {
  const { version, at, startedAt, ready, over, ordersPerSecond, paymentsPerSecond, services, ailments } = status;
  const away = services.filter((service) => !service.ready);
  const requests = sum(services.map(({ requestsPerSecond }) => requestsPerSecond));
  const effects = sum(services.map(({ events }) => events.perSecond));
  const oldest = Math.max(0, ...services.map(({ outbox }) => outbox.oldestSeconds));
  const verdict = ready
    ? `All ${services.length} services are ready`
    : `${away.length} of ${services.length} services are not ready`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>${ready && ailments.length === 0 ? '' : '⚠ '}Comanda status</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Comanda <small>${text(version)}</small></h1>
<p class="verdict ${ready ? 'good' : 'bad'}">${verdict}</p>
</header>
<dl class="tiles">
${tile('Orders', rate(ordersPerSecond))}
${tile('Card payments', rate(paymentsPerSecond))}
${tile('Requests', rate(requests))}
${tile('Effects of events', rate(effects))}
${tile('Oldest in an outbox', duration(oldest))}
${tile('Dead letters', String(sum(services.map(({ deadLetters }) => deadLetters))))}
</dl>
<section>
<h2>Over their limits now</h2>
${ailments.length === 0 ? '<p class="good">Nothing that this page looks at.</p>' : `<ul>${ailments.map(ailment).join('')}</ul>`}
</section>
<section>
<h2>Services</h2>
<table>
<thead><tr><th>Service<th>Requests<th>5xx<th>In the outbox<th>Oldest<th>Waits for it<th>Effects<th>Lag<th>Late<th>Dead letters</tr></thead>
<tbody>
${services.map(row).join('\n')}
</tbody>
</table>
</section>
<footer>
<p>Rates and lags are means of the last ${duration(over)}. <b>Waits for it</b>: records in the log that the service has yet to take.
<b>Lag</b>: from the recording of an event to its effect here; <b>late</b>: more than two seconds.</p>
<p>“Over their limits” compares what is so at this moment with the limits of the alerts of the same names, without the minutes that they
wait. What takes time to see (error budgets, a consumer that stands still, declines) needs Prometheus: <code>npm start -- --observe</code>.</p>
<p>${text(at)} · up since ${text(startedAt)} · <a href="/status.json">status.json</a> · <a href="/metrics">metrics</a></p>
</footer>
</body>
</html>
`;
}

const tile = (what: string, value: string): string => `<div><dt>${what}</dt><dd>${value}</dd></div>`;

const ailment = ({ alert, says, service, value, over }: Ailment): string =>
  `<li><b>${text(alert)}</b> ${text(service)}: ${text(says)} <span>${number(value)}, limit ${number(over)}</span></li>`;

function row({
  name,
  ready,
  because,
  requestsPerSecond,
  failuresPerSecond,
  outbox,
  events,
  deadLetters,
}: ServiceStatus): string {
  const cells: readonly (readonly [label: string, value: string, bad: boolean])[] = [
    ['Requests', rate(requestsPerSecond), false],
    ['5xx', rate(failuresPerSecond), failuresPerSecond > 0],
    ['In the outbox', String(outbox.waiting), false],
    ['Oldest', duration(outbox.oldestSeconds), outbox.oldestSeconds > 60],
    ['Waits for it', String(events.waiting), false],
    ['Effects', rate(events.perSecond), false],
    ['Lag', events.meanLagSeconds === null ? '–' : duration(events.meanLagSeconds), (events.meanLagSeconds ?? 0) > 2],
    ['Late', events.late === null ? '–' : `${number(events.late * 100)} %`, (events.late ?? 0) > 0.01],
    ['Dead letters', String(deadLetters), deadLetters > 0],
  ];
  return `<tr><th class="${ready ? 'good' : 'bad'}" scope="row">${text(name)}${because.map((why) => `<small>${text(why)}</small>`).join('')}</th>${cells
    .map(([label, value, bad]) => `<td data-label="${label}"${bad ? ' class="bad"' : ''}>${value}</td>`)
    .join('')}</tr>`;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

/** Two digits that say something, and no more. */
function number(value: number): string {
  if (value === 0) return '0';
  return value >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));
}

const rate = (perSecond: number): string => (perSecond === 0 ? '0' : `${number(perSecond)}/s`);

function duration(seconds: number): string {
  if (seconds === 0) return '0';
  if (seconds < 1) return `${number(seconds * 1_000)} ms`;
  if (seconds < 120) return `${number(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

const text = (value: string): string =>
  value.replaceAll(/[&<>"]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --paper: #f6f7f9; --card: #fff; --line: #dfe3e8; --good: #1a7f4b; --bad: #c22f2f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --soft: #9aa4af; --paper: #14171b; --card: #1d2126; --line: #30363d; --good: #4cc38a; --bad: #ff7b72; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1.05rem; }
small { color: var(--soft); font-weight: normal; }
.verdict { margin: 0; font-weight: 600; }
.verdict::before, th.good::before, th.bad::before { content: '●'; margin-right: .4em; font-size: .8em; }
.good, .good::before { color: var(--good); }
.bad, .bad::before { color: var(--bad); font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; margin: 1rem 0; }
.tiles div, table, ul { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.tiles div { padding: .6rem .8rem; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
ul { margin: 0; padding: .6rem .8rem .6rem 1.8rem; }
li span { color: var(--soft); }
li b { color: var(--bad); }
table { width: 100%; border-collapse: separate; border-spacing: 0; }
th, td { padding: .45rem .6rem; text-align: right; font-variant-numeric: tabular-nums; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-size: .8rem; font-weight: 500; }
th:first-child { text-align: left; }
tbody th { font-weight: 600; }
tbody th.good { color: var(--ink); }
th small { display: block; color: var(--bad); }
footer { margin-top: 1rem; color: var(--soft); font-size: .85rem; }
a { color: inherit; }
@media (max-width: 46rem) {
  thead { display: none; }
  tr { display: grid; grid-template-columns: repeat(3, 1fr); padding: .5rem .2rem; border-top: 1px solid var(--line); }
  tbody tr:first-child { border-top: 0; }
  th, td { border: 0; padding: .25rem .6rem; text-align: left; }
  tbody th { grid-column: 1 / -1; }
  td::before { content: attr(data-label); display: block; color: var(--soft); font-size: .75rem; font-weight: normal; }
}
`;
