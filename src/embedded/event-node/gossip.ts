// Gossip: a cluster of one, always the leader, at the very address the caller dialled.
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import { type Handler } from './grpc/handler.js';
import { messageUnary } from './grpc/messages.js';
import { uuidHalves } from './uuid.js';

const LEADER = 8;
const TICKS_PER_MS_ZEROS = '0000';

export interface EndPoint {
  host: string;
  port: number;
}

/**
 * `instanceId`, of 16 bytes, tells this run of the node from others. `bound` is used should a call not
 * say which address it dialled.
 */
export function gossipHandler(instanceId: Buffer, bound: () => EndPoint): Handler {
  return messageUnary(shared.Empty, (_request, call) => {
    const { host, port } = dialled(call.host) ?? bound();
    const endPoint = new gossip.EndPoint();
    endPoint.setAddress(host);
    endPoint.setPort(port);
    const member = new gossip.MemberInfo();
    member.setInstanceId(structuredUuid(instanceId));
    member.setTimeStamp(`${Date.now()}${TICKS_PER_MS_ZEROS}`);
    member.setState(LEADER);
    member.setIsAlive(true);
    member.setHttpEndPoint(endPoint);
    const info = new gossip.ClusterInfo();
    info.setMembersList([member]);
    return info;
  });
}

function dialled(authority: string): EndPoint | undefined {
  const match = /^(?:\[(.+)\]|(.+)):(\d+)$/.exec(authority);
  const host = match?.[1] ?? match?.[2];
  return host === undefined ? undefined : { host, port: Number(match?.[3]) };
}

function structuredUuid(value: Buffer) {
  const { most, least } = uuidHalves(value);
  const structured = new shared.UUID.Structured();
  structured.setMostSignificantBits(most);
  structured.setLeastSignificantBits(least);
  const id = new shared.UUID();
  id.setStructured(structured);
  return id;
}
