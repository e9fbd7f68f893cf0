export {
  type DomAttribute,
  type DomDocument,
  type DomElement,
  type DomImplementation,
  type DomNode,
  isDomElement,
} from './dom.ts';
export { attributeFromDom, attributesFromDom, elementFromDom, fromDom, leafFromDom } from './from.ts';
export { nodeToDom, setDomAttribute, toDom } from './to.ts';
