/**
 * Every member that the engine reads of an answer is a member of the server's answer. Compiled by `npm run check`;
 * api.gen.ts is drawn from the server's OpenAPI document, so a renamed member fails here and not on a phone.
 */
import type { components } from "../../src/shared/api.gen";
import type * as ours from "../../src/capture/types";

type Server = components["schemas"];
type Unknown<Ours, Theirs> = Exclude<keyof Ours, keyof Theirs>;
type None<T extends never> = T;

export type Checked = [
  None<Unknown<ours.ActResult, Server["ActResult"]>>,
  None<Unknown<ours.FeedPage, Server["FeedOut"]>>,
  None<Unknown<ours.StoredAct, Server["ActOut"]>>,
  None<Unknown<ours.SignInAnswer, Server["SessionOut"]>>,
  None<Unknown<ours.JoinAnswer, Server["JoinedOut"]>>,
  None<Unknown<ours.Me, Server["MeOut"]>>,
  None<Unknown<ours.MyProject, Server["MyProject"]>>,
  None<Unknown<ours.UploadIntent, Server["UploadOut"]>>,
  None<Unknown<ours.CodeTarget, Server["CodeOut"]>>,
  None<Unknown<ours.Invite, Server["InviteOut"]>>,
  None<Unknown<ours.NewInvite, Server["NewInvite"]>>,
  None<Unknown<ours.Trace, Server["TraceOut"]>>,
  None<Unknown<ours.TraceNode, Server["NodeOut"]>>,
  None<Unknown<ours.TraceEdge, Server["EdgeOut"]>>,
  None<Unknown<ours.ImportPreview, Server["ImportPreview"]>>,
  None<Unknown<ours.FileMeta, Server["FileMeta"]>>,
  None<Unknown<ours.StepRecord, Server["StepRecordOut"]>>,
  None<Unknown<ours.TaskRecord, Server["TaskRecordOut"]>>,
];
