export {
  type DomAttribute,
  type DomDocument,
  type DomElement,
  type DomImplementation,
  type DomNode,
  isDomElement,
} from './dom.ts';
export { attributeFromDom, elementFromDom, fromDom } from './from.ts';
export { nodeToDom, setDomAttribute, toDom } from './to.ts';
