// Declarations of `daybook/event-node` for TypeScript elsewhere: of its entry, and of what that names.
// Each file is transpiled by itself, which takes a fraction of what checking the whole program does.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const ENTRY = 'src/embedded/event-node/start.ts';
const OUT = 'dist';
const compilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  isolatedDeclarations: true,
  declaration: true,
  stripInternal: true,
};

const waiting = [ENTRY];
const done = new Set();
for (const source of waiting) {
  if (done.has(source)) continue;
  done.add(source);
  const declaration = declarationOf(source);
  const target = join(OUT, source.replace(/\.ts$/, '.d.ts'));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, declaration);
  for (const { fileName } of ts.preProcessFile(declaration).importedFiles) {
    if (fileName.startsWith('.')) waiting.push(sourceOf(source, fileName));
  }
}

function declarationOf(source) {
  const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(source, 'utf8'), {
    compilerOptions,
    fileName: source,
    reportDiagnostics: true,
  });
  for (const { messageText } of diagnostics ?? []) {
    throw new Error(`${source}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  }
  return outputText;
}

function sourceOf(importer, specifier) {
  const path = join(dirname(importer), specifier.replace(/\.js$/, '.ts'));
  return relative('.', path).replaceAll('\\', '/');
}
