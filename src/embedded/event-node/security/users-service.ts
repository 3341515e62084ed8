// The service Users, which the official client has no calls for: `grpcurl` and the like manage users
// by it. Who may call which method is in `method-rights.ts`.
import { type sendUnaryData, type ServerUnaryCall, type ServerWritableStream } from '@grpc/grpc-js';
import users from '@eventstore/db-client/generated/users_pb.js';
import { handlerError, toGrpcError } from '../errors.js';
import { accessDenied, userNotFound } from './errors.js';
import { hashPassword, isPassword } from './password.js';
import { type StoredUser, type Users } from './users.js';

const TICKS_PER_MS_ZEROS = '0000';

type Details = InstanceType<typeof users.DetailsResp>;

export function usersHandlers(directory: Users) {
  const setDisabled = (name: string, disabled: boolean) =>
    directory.change(name, (user) => ({ ...user, disabled }));
  return {
    create: unary(async (request: InstanceType<typeof users.CreateReq>) => {
      const options = optionsOf(request);
      await directory.create({
        loginName: options.getLoginName(),
        password: options.getPassword(),
        fullName: options.getFullName(),
        groups: options.getGroupsList(),
      });
      return new users.CreateResp();
    }),
    update: unary(async (request: InstanceType<typeof users.UpdateReq>) => {
      const options = optionsOf(request);
      await directory.change(options.getLoginName(), (user) => ({
        ...user,
        fullName: options.getFullName(),
        groups: options.getGroupsList(),
      }));
      return new users.UpdateResp();
    }),
    delete: unary(async (request: InstanceType<typeof users.DeleteReq>) => {
      await directory.delete(optionsOf(request).getLoginName());
      return new users.DeleteResp();
    }),
    enable: unary(async (request: InstanceType<typeof users.EnableReq>) => {
      await setDisabled(optionsOf(request).getLoginName(), false);
      return new users.EnableResp();
    }),
    disable: unary(async (request: InstanceType<typeof users.DisableReq>) => {
      await setDisabled(optionsOf(request).getLoginName(), true);
      return new users.DisableResp();
    }),
    changePassword: unary(async (request: InstanceType<typeof users.ChangePasswordReq>) => {
      const options = optionsOf(request);
      const user = directory.find(options.getLoginName());
      if (!user) throw userNotFound(options.getLoginName());
      if (!(await isPassword(options.getCurrentPassword(), user.password))) throw accessDenied();
      await setPassword(directory, user.loginName, options.getNewPassword());
      return new users.ChangePasswordResp();
    }),
    resetPassword: unary(async (request: InstanceType<typeof users.ResetPasswordReq>) => {
      const options = optionsOf(request);
      await setPassword(directory, options.getLoginName(), options.getNewPassword());
      return new users.ResetPasswordResp();
    }),
    details: (call: ServerWritableStream<InstanceType<typeof users.DetailsReq>, Details>): void => {
      const name = call.request.getOptions()?.getLoginName() ?? '';
      const found = name === '' ? directory.list() : [directory.find(name)];
      for (const user of found) {
        if (!user) return void call.emit('error', userNotFound(name));
        call.write(detailsOf(user));
      }
      call.end();
    },
  };
}

async function setPassword(directory: Users, name: string, text: string): Promise<void> {
  const password = await hashPassword(text);
  await directory.change(name, (user) => ({ ...user, password }));
}

function optionsOf<Options>(request: { getOptions(): Options | undefined }): Options {
  const options = request.getOptions();
  if (!options) throw handlerError();
  return options;
}

function detailsOf(user: StoredUser): Details {
  const { loginName, fullName, groups, disabled, updatedMs } = user;
  const updated = new users.DetailsResp.UserDetails.DateTime();
  updated.setTicksSinceEpoch(`${Math.round(updatedMs)}${TICKS_PER_MS_ZEROS}`);
  const details = new users.DetailsResp.UserDetails();
  details.setLoginName(loginName);
  details.setFullName(fullName);
  details.setGroupsList(groups);
  details.setDisabled(disabled);
  details.setLastUpdated(updated);
  const reply = new users.DetailsResp();
  reply.setUserDetails(details);
  return reply;
}

function unary<Request, Reply>(work: (request: Request) => Promise<Reply>) {
  return ({ request }: ServerUnaryCall<Request, Reply>, callback: sendUnaryData<Reply>): void => {
    work(request).then(
      (reply) => callback(null, reply),
      (error: unknown) => callback(toGrpcError(error)),
    );
  };
}
