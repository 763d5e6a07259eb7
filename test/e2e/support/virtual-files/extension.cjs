// An extension for tests: a workspace that lies on no disk, as a repository does that is opened from the web.
// Its files are those of files.json beside it, path → text.
const { TextDecoder, TextEncoder } = globalThis;
const vscode = require('vscode');

exports.activate = ({ extensionUri, subscriptions }) => {
  const changes = new vscode.EventEmitter();
  const loaded = (async () => {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'files.json'));
    const texts = Object.entries(JSON.parse(new TextDecoder().decode(bytes)));
    return new Map(texts.map(([name, text]) => [`/${name}`, { bytes: new TextEncoder().encode(text), mtime: 1 }]));
  })();

  const within = (folder) => (folder === '/' ? folder : `${folder}/`);
  const isFolder = (files, folder) => [...files.keys()].some((path) => path.startsWith(within(folder)));

  const provider = {
    onDidChangeFile: changes.event,
    watch: () => ({ dispose: () => undefined }),
    async stat(uri) {
      const files = await loaded;
      const file = files.get(uri.path);
      if (file) return { type: vscode.FileType.File, ctime: 1, mtime: file.mtime, size: file.bytes.length };
      if (isFolder(files, uri.path)) return { type: vscode.FileType.Directory, ctime: 1, mtime: 1, size: 0 };
      throw vscode.FileSystemError.FileNotFound(uri);
    },
    async readDirectory({ path }) {
      const names = new Map();
      for (const file of (await loaded).keys()) {
        if (!file.startsWith(within(path))) continue;
        const [name, ...rest] = file.slice(within(path).length).split('/');
        names.set(name, rest.length > 0 ? vscode.FileType.Directory : vscode.FileType.File);
      }
      return [...names];
    },
    async readFile(uri) {
      const file = (await loaded).get(uri.path);
      if (!file) throw vscode.FileSystemError.FileNotFound(uri);
      return file.bytes;
    },
    async writeFile(uri, bytes) {
      const files = await loaded;
      const before = files.get(uri.path);
      files.set(uri.path, { bytes, mtime: (before?.mtime ?? 1) + 1 });
      const type = before ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
      changes.fire([{ type, uri }]);
    },
    createDirectory: () => undefined,
    async delete(uri) {
      (await loaded).delete(uri.path);
      changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
    },
    rename() {
      throw vscode.FileSystemError.NoPermissions('Tests do not rename.');
    },
  };
  subscriptions.push(vscode.workspace.registerFileSystemProvider('virtual', provider));
};
