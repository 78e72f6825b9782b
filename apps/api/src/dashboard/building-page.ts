/** Shown while the dashboard is still being built. Without style and script: the content policy allows nothing inline. */
export const buildingPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="2">
<title>Urumi is starting</title>
</head>
<body>
<h1>Urumi is starting</h1>
<p>The dashboard is still being built. This page loads again by itself and shows it as soon as it is there.</p>
</body>
</html>
`;
