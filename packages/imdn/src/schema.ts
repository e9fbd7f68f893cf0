import type { XmlElement } from '@sip-simple/xml';
import {
  anyOther,
  choice,
  type ElementCheck,
  type Infer,
  type Input,
  optional,
  type SimpleType,
  sipOrAnyUri,
  string,
  text,
  token,
  vocabulary,
  xmlLang,
} from '@sip-simple/xml/schema';

/** The namespace of IMDN documents (RFC 5438 §11.1). */
export const IMDN = 'urn:ietf:params:xml:ns:imdn';

const imdnNs = vocabulary(IMDN);

/** The content of an element that is empty. RELAX NG lets white space stand in it, as XML Schema does not. */
const empty: SimpleType<true> = {
  name: 'empty',
  whiteSpace: 'collapse',
  read: () => true,
  isValid: (written) => written === '',
  write: () => '',
};

/** `<status>` (§11.1.7) of a notification, with the results that its kind has. */
const statusOf = <const R extends string>(...results: readonly R[]) =>
  imdnNs.element(
    'status',
    {
      /** What became of the message; absent where only an extension says it. */
      result: optional(imdnNs.names(results, empty)),
      /** Other status. */
      extra: anyOther(),
    },
    { check: (status) => [...hasResult(status, results), ...extensionsHoldElements(status)] },
  );

/** `<delivery-notification>` (§11.1.6): whether the message was delivered to its recipient. */
export const deliveryNotification = imdnNs.element('delivery-notification', {
  status: statusOf('delivered', 'failed', 'forbidden', 'error'),
});

/** `<display-notification>` (§11.1.6): whether the message was shown to its recipient. */
export const displayNotification = imdnNs.element('display-notification', {
  status: statusOf('displayed', 'forbidden', 'error'),
});

/** `<processing-notification>` (§11.1.6): what an intermediary did with the message. */
export const processingNotification = imdnNs.element('processing-notification', {
  status: statusOf('processed', 'stored', 'forbidden', 'error'),
});

/** `<subject>` (§11.1.5). */
export const subject = imdnNs.element('subject', {
  text: text(string),
  /** The language that the Subject header of the message had. */
  language: optional(xmlLang),
});

/** `<imdn>` (§11.1). */
export const imdn = imdnNs.element(
  'imdn',
  {
    /** The Message-ID of the message this is about. */
    messageId: imdnNs.leaf('message-id', token),
    /** When that message was sent: its DateTime, as written. */
    dateTime: imdnNs.leaf('datetime', string),
    /** The URI of the final recipient. */
    recipientUri: optional(imdnNs.leaf('recipient-uri', sipOrAnyUri)),
    /** The URI that the sender had addressed. */
    originalRecipientUri: optional(imdnNs.leaf('original-recipient-uri', sipOrAnyUri)),
    subject: optional(subject),
    /** The disposition. */
    notification: optional(
      choice({
        delivery: deliveryNotification,
        display: displayNotification,
        processing: processingNotification,
      }),
    ),
    /** Other elements. */
    extra: anyOther(),
  },
  { check: (root) => [...urisComeTogether(root), ...extensionsHoldElements(root)] },
);

/** An Instant Message Disposition Notification: what became of a message. */
export type Imdn = Infer<typeof imdn>;
/** What `serialize` takes: an `Imdn` whose empty lists may be left out, everywhere in it. */
export type ImdnInit = Input<typeof imdn>;
/** The disposition that an IMDN reports. */
export type Notification = NonNullable<Imdn['notification']>;

type Problems = ReturnType<ElementCheck>;

function hasResult(status: XmlElement, results: readonly string[]): Problems {
  if (status.children.some((child) => isOwn(child) && results.includes(child.local))) return [];
  return [{ rule: 'missing-element', message: `<status> must hold one of ${results.join(', ')}` }];
}

// §11.1.9: recipient-uri, original-recipient-uri and subject are one optional group, which only subject may lack.
function urisComeTogether(root: XmlElement): Problems {
  const has = (local: string) => root.children.some((child) => isOwn(child) && child.local === local);
  const hasBoth = has('recipient-uri') && has('original-recipient-uri');
  if (hasBoth || !(has('recipient-uri') || has('original-recipient-uri') || has('subject'))) return [];
  const message = '<recipient-uri> and <original-recipient-uri> come together, and <subject> with them only';
  return [{ rule: 'missing-element', message }];
}

// §11.1.9: anyExtension has attributes and elements, and text only further down.
function extensionsHoldElements(parent: XmlElement): Problems {
  return parent.children.flatMap((child) => {
    if (child.type !== 'element' || child.namespace === IMDN || child.namespace === '') return [];
    const hasText = child.children.some(
      (part) => (part.type === 'text' || part.type === 'cdata') && /[^ \t\n\r]/.test(part.value),
    );
    if (!hasText) return [];
    return [{ rule: 'unexpected-text', message: `<${child.local}> must hold its text in elements` }];
  });
}

function isOwn(node: XmlElement['children'][number]): node is XmlElement {
  return node.type === 'element' && node.namespace === IMDN;
}
