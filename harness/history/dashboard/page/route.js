/** Where one is stands in the address: #view?name=value&..., so that every view can be linked to and the browser's way back works. */
function readRoute() {
  const [view = '', query = ''] = location.hash.replace(/^#/, '').split(/\?(.*)/s);
  let params;
  try { params = new URLSearchParams(query); } catch { params = new URLSearchParams(); }
  return { view: view === '' ? 'overview' : view, params };
}

/** @param values empty and absent ones are left out */
function address(view, values = {}) {
  const params = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== '' && value !== false).map(([name, value]) => [name, String(value)]));
  const query = params.toString();
  return `#${view}${query === '' ? '' : `?${query}`}`;
}

function go(view, values) {
  location.hash = address(view, values);
}

/** Changes parts of the address without a new entry in the way back: for what is set while looking at one view. */
function adjust(view, values) {
  history.replaceState(null, '', address(view, values));
}

function link(view, values, ...content) {
  return el('a', { href: address(view, values) }, ...content);
}
