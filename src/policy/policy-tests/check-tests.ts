import type { Problem } from "../../base/index.ts";
import { modelsOf, VisibleModels } from "../compile/model-catalog.ts";
import {
  documentsOf,
  type NamespaceView,
  platformNamespace,
  visibleDocuments,
} from "../documents/document.ts";
import { prepareTest } from "./prepare-test.ts";

/** What is wrong with a namespace's tests as they are written; none is run. */
export function findTestProblems(view: NamespaceView): readonly Problem[] {
  const { namespace } = view;
  const tests = documentsOf(view.own, "PolicyTest");
  if (tests.length === 0) return [];
  const catalogs = documentsOf(visibleDocuments(view), "ModelCatalog");
  const visible = new VisibleModels(modelsOf(catalogs), namespace);
  // A test of the platform is about tenants, whose catalogs are not part of this view.
  const idsFor = () => (namespace === platformNamespace ? undefined : visible.ids);
  return tests.flatMap((test) => prepareTest(test, idsFor).problems);
}
