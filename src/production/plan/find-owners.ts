// Finds, for a collection that does not say whose its records are, the way from records that do: by the references of the data maps, cycles included.
import type { Column, DataMap, Link, MappedCollection, MappedField, Through, ThroughPlace } from "../shapes.ts";

export interface Place {
  readonly source: string;
  readonly collection: MappedCollection;
}

export type Way = { readonly kind: "way"; readonly through: Through } | { readonly kind: "none"; readonly because: string };

/** The owners of every collection of these maps. A collection that names its subject itself needs no way and is not asked for. */
export function ownersIn(maps: readonly DataMap[]): (place: Place) => Way {
  const places = maps.flatMap((map) => map.collections.map((collection) => ({ source: map.source, collection })));
  const links = places.flatMap((place) => linksOf(place)).filter(uniqueLink());
  return (place) => wayTo(place, places, links);
}

/** A reference without direction is followed as a foreign key is: from the record that is referred to. */
function linksOf({ source, collection }: Place): readonly Link[] {
  return collection.fields.flatMap((field) =>
    (field.references ?? []).map(({ direction, ...there }): Link => {
      const here: Column = { source, collection: collection.name, column: field.name };
      return direction === "to" ? { from: here, to: there } : { from: there, to: here };
    }),
  );
}

function uniqueLink(): (link: Link) => boolean {
  const seen = new Set<string>();
  return ({ from, to }) => {
    const key = JSON.stringify([from.source, from.collection, from.column, to.source, to.collection, to.column]);
    return !seen.has(key) && seen.add(key).size > 0;
  };
}

function wayTo(target: Place, places: readonly Place[], links: readonly Link[]): Way {
  const into = new Map<string, readonly Link[]>();
  const needed = [target];
  for (const place of needed) {
    if (into.has(nameOf(place)) || namesSubject(place)) continue;
    const owners = ownersOf(place, places, links);
    if (typeof owners === "string") return none(owners);
    into.set(nameOf(place), owners);
    needed.push(...owners.flatMap(({ from }) => findPlace(from, places) ?? []));
  }
  const used = [...into.values()].flat();
  const steps = uniquePlaces(needed).filter((place) => used.some(({ from }) => isIn(from, place)));
  if (!steps.some(namesSubject)) return none("its references never reach a record that names an account");
  const once = isTree(used) && used.every(({ from }) => findKey(from, places) === from.column);
  if (!once && roleOf(target, "key") === undefined) return none("its records can be reached in more than one way and no field is marked as their key");
  return { kind: "way", through: { places: steps.map(asStep), links: used, once } };
}

/** The links by which a record of the place finds its owner; words where the map leaves that open. */
function ownersOf(place: Place, places: readonly Place[], links: readonly Link[]): readonly Link[] | string {
  const all = links.filter(({ to }) => isIn(to, place));
  const marked = place.collection.fields.filter(({ role }) => role === "owner").map(({ name }) => name);
  const owners = marked.length === 0 ? all : all.filter(({ to }) => marked.includes(to.column));
  if (owners.length === 0) return `\`${place.collection.name}\` does not say whose its records are`;
  if (marked.length === 0 && owners.length > 1)
    return `\`${place.collection.name}\` refers to more than one record, and no field is marked as the one by which it belongs to somebody (role: owner)`;
  const unknown = owners.find(({ from, to }) => !hasField(from, places) || !hasField(to, places));
  if (unknown !== undefined) return `\`${place.collection.name}\` refers to \`${unknown.from.collection}.${unknown.from.column}\`, which no data map describes`;
  const unsure = marked.length > 0 ? undefined : owners.find(({ from }) => findKey(from, places) !== from.column);
  if (unsure !== undefined)
    return `\`${place.collection.name}\` refers to \`${unsure.from.collection}.${unsure.from.column}\`, which is no key: several people's records may share its value (mark the field with role: owner if that is meant)`;
  return owners;
}

/** No collection is entered by two links. A way that leads back to itself enters one twice, or it would reach nobody. */
function isTree(used: readonly Link[]): boolean {
  const entered = used.map(({ to }) => `${to.source}\u0000${to.collection}`);
  return new Set(entered).size === entered.length;
}

function findKey(column: Column, places: readonly Place[]): string | undefined {
  const place = findPlace(column, places);
  return place === undefined ? undefined : (roleOf(place, "key") ?? roleOf(place, "subject"));
}

function asStep(place: Place): ThroughPlace {
  const [subject, workspace, key] = [roleOf(place, "subject"), roleOf(place, "workspace"), roleOf(place, "key")];
  const moment = place.collection.undated ? undefined : roleOf(place, "moment");
  return {
    source: place.source,
    collection: place.collection.name,
    ...(subject === undefined ? {} : { subject }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(moment === undefined ? {} : { moment }),
    ...(key === undefined ? {} : { key }),
  };
}

function none(because: string): Way {
  return { kind: "none", because };
}

function roleOf({ collection }: Place, role: NonNullable<MappedField["role"]>): string | undefined {
  return collection.fields.find((field) => field.role === role)?.name;
}

function namesSubject(place: Place): boolean {
  return roleOf(place, "subject") !== undefined;
}

function isIn({ source, collection }: Column, place: Place): boolean {
  return source === place.source && collection === place.collection.name;
}

function findPlace(column: Column, places: readonly Place[]): Place | undefined {
  return places.find((place) => isIn(column, place));
}

function hasField(column: Column, places: readonly Place[]): boolean {
  return findPlace(column, places)?.collection.fields.some(({ name }) => name === column.column) === true;
}

function uniquePlaces(places: readonly Place[]): readonly Place[] {
  return [...new Map(places.map((place) => [nameOf(place), place])).values()];
}

function nameOf({ source, collection }: Place): string {
  return `${source}\u0000${collection.name}`;
}
