// A secure node for tests: its certificate, and calls by whoever one likes to be.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import usersGrpc from '@eventstore/db-client/generated/users_grpc_pb.js';
import usersPb from '@eventstore/db-client/generated/users_pb.js';

const fileAt = (name: string) => join(process.cwd(), 'test', 'support', 'tls', name);

const CA_FILE = fileAt('ca.crt');
export const CERTIFICATE_FILE = fileAt('node.crt');
export const KEY_FILE = fileAt('node.key');
export const CERTIFICATE = readFileSync(CERTIFICATE_FILE, 'utf8');
export const PRIVATE_KEY = readFileSync(KEY_FILE, 'utf8');
export const ADMIN_PASSWORD = 'correct horse';

export interface Person {
  username: string;
  password: string;
}

export const ADMIN: Person = { username: 'admin', password: ADMIN_PASSWORD };

/** A connection string for the official client. */
export function urlFor(port: number, person?: Person): string {
  const { username = '', password = '' } = person ?? {};
  const login = person ? `${username}:${encodeURIComponent(password)}@` : '';
  return `esdb://${login}127.0.0.1:${port}?tls=true&tlsCAFile=${CA_FILE}`;
}

export const tlsChannel = () => credentials.createSsl(readFileSync(CA_FILE));

export function headersOf({ username, password }: Person): Metadata {
  const headers = new Metadata();
  const login = Buffer.from(`${username}:${password}`).toString('base64');
  headers.set('authorization', `Basic ${login}`);
  return headers;
}

type UsersClient = InstanceType<typeof usersGrpc.UsersClient>;

/** Calls of the service Users; each resolves with 'ok', or the status as a short text. */
export function usersAt(port: number) {
  const client = new usersGrpc.UsersClient(`127.0.0.1:${port}`, tlsChannel());
  return {
    close: () => client.close(),
    create: (by: Person, loginName: string, password: string, groups: string[] = []) => {
      const options = new usersPb.CreateReq.Options();
      options.setLoginName(loginName);
      options.setPassword(password);
      options.setFullName(loginName);
      options.setGroupsList(groups);
      const request = new usersPb.CreateReq();
      request.setOptions(options);
      return outcomeOf((done) => client.create(request, headersOf(by), done));
    },
    disable: (by: Person, loginName: string) => {
      const options = new usersPb.DisableReq.Options();
      options.setLoginName(loginName);
      const request = new usersPb.DisableReq();
      request.setOptions(options);
      return outcomeOf((done) => client.disable(request, headersOf(by), done));
    },
    enable: (by: Person, loginName: string) => {
      const options = new usersPb.EnableReq.Options();
      options.setLoginName(loginName);
      const request = new usersPb.EnableReq();
      request.setOptions(options);
      return outcomeOf((done) => client.enable(request, headersOf(by), done));
    },
    delete: (by: Person, loginName: string) => {
      const options = new usersPb.DeleteReq.Options();
      options.setLoginName(loginName);
      const request = new usersPb.DeleteReq();
      request.setOptions(options);
      return outcomeOf((done) => client.delete(request, headersOf(by), done));
    },
    changePassword: (by: Person, loginName: string, from: string, to: string) => {
      const options = new usersPb.ChangePasswordReq.Options();
      options.setLoginName(loginName);
      options.setCurrentPassword(from);
      options.setNewPassword(to);
      const request = new usersPb.ChangePasswordReq();
      request.setOptions(options);
      return outcomeOf((done) => client.changePassword(request, headersOf(by), done));
    },
    details: (by: Person) => detailsOf(client, by),
  };
}

function detailsOf(client: UsersClient, by: Person): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const found: string[] = [];
    const call = client.details(new usersPb.DetailsReq(), headersOf(by));
    call.on('data', (reply: InstanceType<typeof usersPb.DetailsResp>) => {
      const user = reply.getUserDetails();
      found.push(`${user?.getLoginName()} ${user?.getGroupsList().join(',')}`.trim());
    });
    call.on('error', reject);
    call.on('end', () => resolve(found));
  });
}

function outcomeOf(start: (done: (error: ServiceError | null) => void) => unknown) {
  return new Promise<string>((resolve) =>
    start((error) => resolve(error ? `${status[error.code]}: ${error.details}` : 'ok')),
  );
}
