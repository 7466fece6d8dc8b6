// The service worker of downloads. Assets: {assets}
