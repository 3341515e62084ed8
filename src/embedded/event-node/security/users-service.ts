// The service Users, which the official client has no calls for: `grpcurl` and the like manage users
// by it. Who may call which method is in `method-rights.ts`.
import users from '@eventstore/db-client/generated/users_pb.js';
import { handlerError } from '../errors.js';
import { type Handler } from '../grpc/handler.js';
import { messageList, messageUnary } from '../grpc/messages.js';
import { accessDenied, userNotFound } from './errors.js';
import { hashPassword, isPassword } from './password.js';
import { type StoredUser, type Users } from './users.js';

const TICKS_PER_MS_ZEROS = '0000';

export function usersHandlers(directory: Users): Record<string, Handler> {
  const setDisabled = (name: string, disabled: boolean) =>
    directory.change(name, (user) => ({ ...user, disabled }));
  return {
    Create: messageUnary(users.CreateReq, async (request) => {
      const options = optionsOf(request);
      await directory.create({
        loginName: options.getLoginName(),
        password: options.getPassword(),
        fullName: options.getFullName(),
        groups: options.getGroupsList(),
      });
      return new users.CreateResp();
    }),
    Update: messageUnary(users.UpdateReq, async (request) => {
      const options = optionsOf(request);
      await directory.change(options.getLoginName(), (user) => ({
        ...user,
        fullName: options.getFullName(),
        groups: options.getGroupsList(),
      }));
      return new users.UpdateResp();
    }),
    Delete: messageUnary(users.DeleteReq, async (request) => {
      await directory.delete(optionsOf(request).getLoginName());
      return new users.DeleteResp();
    }),
    Enable: messageUnary(users.EnableReq, async (request) => {
      await setDisabled(optionsOf(request).getLoginName(), false);
      return new users.EnableResp();
    }),
    Disable: messageUnary(users.DisableReq, async (request) => {
      await setDisabled(optionsOf(request).getLoginName(), true);
      return new users.DisableResp();
    }),
    ChangePassword: messageUnary(users.ChangePasswordReq, async (request) => {
      const options = optionsOf(request);
      const user = directory.find(options.getLoginName());
      if (!user) throw userNotFound(options.getLoginName());
      if (!(await isPassword(options.getCurrentPassword(), user.password))) throw accessDenied();
      await setPassword(directory, user.loginName, options.getNewPassword());
      return new users.ChangePasswordResp();
    }),
    ResetPassword: messageUnary(users.ResetPasswordReq, async (request) => {
      const options = optionsOf(request);
      await setPassword(directory, options.getLoginName(), options.getNewPassword());
      return new users.ResetPasswordResp();
    }),
    Details: messageList(users.DetailsReq, (request) => {
      const name = request.getOptions()?.getLoginName() ?? '';
      if (name === '') return directory.list().map(detailsOf);
      const user = directory.find(name);
      if (!user) throw userNotFound(name);
      return [detailsOf(user)];
    }),
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

function detailsOf(user: StoredUser): InstanceType<typeof users.DetailsResp> {
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
