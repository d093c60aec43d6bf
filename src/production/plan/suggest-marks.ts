// Guesses from a column's name what it holds and what it is for. A guess is written down for a person to judge; it never lets anything leave.
import type { LiveCollection, MappedField } from "../shapes.ts";

type LiveColumn = LiveCollection["columns"][number];

export interface Suggestion {
  /** A Fides data category. */
  readonly category?: string;
  readonly role?: Exclude<NonNullable<MappedField["role"]>, "owner">;
  /** The column of the same source that this one seems to refer to. */
  readonly refersTo?: { readonly collection: string; readonly column: string };
}

/** What to suggest for each column of a collection that there is something to suggest for; the order in which a source tells them does not count. */
export function suggestMarks(asTold: LiveCollection, allAsTold: readonly LiveCollection[]): ReadonlyMap<string, Suggestion> {
  const collection = inOrder(asTold);
  const all = allAsTold.map(inOrder).toSorted(byName);
  const roles = suggestRoles(collection);
  return new Map(collection.columns.map((column) => [column.name, suggestionFor(column, { collection, all, role: roles.get(column.name) })]));
}

interface Among {
  readonly collection: LiveCollection;
  readonly all: readonly LiveCollection[];
  readonly role: Suggestion["role"] | undefined;
}

function suggestionFor(column: LiveColumn, { collection, all, role }: Among): Suggestion {
  const category = suggestCategory(column, collection.name);
  const refersTo = suggestReference(column, collection, all);
  return { ...(category === undefined ? {} : { category }), ...(role === undefined ? {} : { role }), ...(refersTo === undefined ? {} : { refersTo }) };
}

function inOrder(collection: LiveCollection): LiveCollection {
  return { ...collection, columns: collection.columns.toSorted(byName) };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** English, German, French, Spanish, Portuguese, Italian, Dutch and Polish: the words that columns are commonly named with. */
const namesOf: Readonly<Record<string, string>> = {
  "user.name.first": "first_name given_name forename vorname prenom primer_nombre primeiro_nome nome_proprio voornaam imie",
  "user.name.last":
    "last_name family_name surname nachname familienname nom_de_famille nom_famille apellido apellidos sobrenome apelido cognome achternaam nazwisko",
  "user.name":
    "full_name display_name real_name person_name middle_name maiden_name vollstandiger_name anzeigename nom_complet nombre_completo nome_completo volledige_naam pelne_imie card_holder kontoinhaber",
  "user.account.username":
    "username user_name login login_name screen_name handle nickname nick benutzername nutzername nom_utilisateur pseudo nombre_usuario nome_usuario nome_utente gebruikersnaam nazwa_uzytkownika",
  "user.account.settings":
    "settings preferences notification_settings einstellungen parametres configuracion configuracoes impostazioni instellingen ustawienia plan abo tarif",
  "user.authorization.password":
    "password passwd pwd password_hash hashed_password encrypted_password password_digest passwort passwort_hash kennwort mot_de_passe contrasena senha palavra_passe wachtwoord haslo",
  "user.authorization.credentials": "secret token access_token refresh_token api_key private_key totp_secret otp_secret recovery_code session_token mfa_secret",
  "user.authorization.biometric": "passkey webauthn_credential",
  "user.contact.email":
    "email e_mail mail email_address mail_address courriel correo correo_electronico correio e_mail_adresse emailadres posta_elettronica adres_email",
  "user.contact.phone_number":
    "phone phone_number telephone telephone_number mobile mobile_number cell cell_phone msisdn tel telefon telefonnummer handynummer mobilnummer numero_telephone portable telefono movil celular telefone telemovel cellulare telefoon telefoonnummer numer_telefonu",
  "user.contact.fax_number": "fax fax_number faxnummer telefax",
  "user.contact.url": "website homepage home_page web_page webseite site_web sitio_web pagina_web strona_www",
  "user.contact.address":
    "address postal_address mailing_address home_address billing_address shipping_address adresse anschrift postanschrift direccion domicilio endereco morada indirizzo adres",
  "user.contact.address.street": "street street_address address_line address_line_1 address_line_2 strasse hausnummer rue calle rua via_e_numero straat ulica",
  "user.contact.address.city": "city town stadt wohnort ville ciudad cidade citta stad woonplaats miasto",
  "user.contact.address.postal_code": "zip zip_code zipcode postal_code postcode plz postleitzahl code_postal codigo_postal cep cap_postale kod_pocztowy",
  "user.contact.address.state": "state province county bundesland departement provincia provincie wojewodztwo",
  "user.contact.address.country": "country country_code land landercode pays pais paese landcode kraj",
  "user.contact.organization":
    "company company_name organisation organization organization_name employer firma firmenname entreprise societe empresa azienda bedrijf pracodawca",
  "user.job_title":
    "job_title job position occupation profession berufsbezeichnung beruf stellenbezeichnung fonction poste cargo puesto professione functie stanowisko zawod",
  "user.workplace":
    "workspace_id tenant_id team_id organisation_id organization_id org_id company_id school_id department abteilung service_id departamento reparto afdeling",
  "user.demographic.date_of_birth":
    "birth_date birthdate birthday date_of_birth dob born_on geburtsdatum geburtstag date_naissance date_de_naissance fecha_nacimiento fecha_de_nacimiento data_nascimento data_de_nascimento data_nascita data_di_nascita geboortedatum data_urodzenia",
  "user.demographic.age_range": "age age_range age_group alter altersgruppe edad idade eta leeftijd wiek",
  "user.demographic.gender": "gender sex geschlecht sexe genre sexo genero sesso genere geslacht plec",
  "user.demographic.language": "language locale lang sprache langue idioma lingua taal jezyk",
  "user.demographic.marital_status": "marital_status familienstand situation_familiale estado_civil stato_civile burgerlijke_staat stan_cywilny",
  "user.demographic.race_ethnicity": "race ethnicity ethnic_group ethnie etnia afkomst pochodzenie_etniczne",
  "user.demographic.religious_belief": "religion confession konfession religione religiao godsdienst wyznanie",
  "user.demographic.political_opinion": "political_opinion political_party parteizugehorigkeit",
  "user.demographic.sexual_orientation": "sexual_orientation sexuelle_orientierung orientation_sexuelle orientacion_sexual",
  "user.demographic.profile": "bio biography about_user profile_data biografie",
  "user.content.self_image": "avatar avatar_url photo profile_photo profile_picture picture about about_me profilbild foto photo_profil",
  "user.content":
    "body text message content comment note_text caption subject post description_text inhalt nachricht betreff kommentar contenu texte commentaire objet mensaje contenido comentario asunto mensagem conteudo assunto messaggio contenuto testo commento oggetto bericht inhoud opmerking onderwerp wiadomosc tresc komentarz temat file_name filename dateiname channel_name attachment attachments",
  "user.device": "device device_name device_model user_agent browser operating_system gerat appareil dispositivo apparaat urzadzenie",
  "user.device.device_id": "device_id imei imsi udid android_id idfa device_token push_token geratenummer serial_number seriennummer mac_address",
  "user.device.ip_address":
    "ip ip_address ip_addr remote_addr remote_ip client_ip last_ip sign_in_ip ipv4 ipv6 ip_adresse adresse_ip direccion_ip endereco_ip indirizzo_ip ip_adres adres_ip",
  "user.device.cookie": "cookie cookies",
  "user.device.cookie_id": "cookie_id visitor_id",
  "user.location.precise": "latitude longitude lat lng lon gps geo_point coordinates breitengrad langengrad coordonnees coordenadas coordinate",
  "user.location.imprecise": "location region time_zone timezone zeitzone fuseau_horaire zona_horaria fuso_horario fuso_orario tijdzone strefa_czasowa",
  "user.behavior": "last_login last_login_at last_seen last_seen_at sign_in_count login_count last_active_at action event event_type event_name",
  "user.behavior.search_history": "search search_query search_term query_text suchbegriff",
  "user.behavior.browsing_history": "referrer referer page_url visited_url landing_page",
  "user.behavior.purchase_history": "order_number purchase basket bestellnummer",
  "user.financial.bank_account":
    "iban bic swift bank_account account_number routing_number sort_code kontonummer bankverbindung compte_bancaire cuenta_bancaria conta_bancaria conto_bancario rekeningnummer numer_konta",
  "user.financial.credit_card":
    "card_number credit_card pan card_last4 last4 last_digits card_expiry kreditkarte kartennummer carte_bancaire tarjeta cartao carta_credito creditcard",
  "user.financial":
    "amount amount_cents price balance salary invoice_number betrag rechnungsnummer gehalt montant salaire importe salario valor importo bedrag kwota pensja",
  "user.payment": "payment payment_method zahlungsart mode_paiement metodo_pago",
  "user.government_id.national_identification_number":
    "ssn social_security_number national_id national_insurance_number tax_id personalausweis sozialversicherungsnummer steuer_id steuernummer numero_securite_sociale nir dni nie nif cpf codice_fiscale bsn pesel sin",
  "user.government_id.passport_number":
    "passport passport_number passnummer reisepassnummer numero_passeport pasaporte passaporte passaporto paspoortnummer numer_paszportu",
  "user.government_id.drivers_license_number":
    "drivers_license driving_licence license_number fuhrerscheinnummer permis_conduire permiso_conducir cnh patente rijbewijs prawo_jazdy",
  "user.government_id.vehicle_registration": "license_plate number_plate vin kennzeichen immatriculation matricula targa kenteken numer_rejestracyjny",
  "user.health_and_medical": "diagnosis medication disability diagnose diagnostic diagnostico diagnosi allergies allergien",
  "user.health_and_medical.insurance_beneficiary_id": "health_insurance_number krankenversicherungsnummer numero_assure",
  "user.social": "friend_id follower_id channel_id group_id friends followers contacts",
  "user.privacy_preferences": "consent opt_in opt_out marketing_consent einwilligung consentement consentimiento consenso toestemming zgoda",
  "user.unique_id.pseudonymous": "anonymous_id pseudonym pseudonymous_id hashed_id external_ref",
  "system.operations":
    "created_at updated_at deleted_at inserted_at modified_at created_on updated_on version row_version erstellt_am geandert_am cree_le modifie_le creado_en actualizado_en criado_em atualizado_em creato_il aangemaakt_op utworzono checksum",
};

interface Pattern {
  readonly category: string;
  readonly words: readonly string[];
}

const patterns: readonly Pattern[] = Object.entries(namesOf).flatMap(([category, names]) =>
  names.split(" ").map((name) => ({ category, words: name.split("_") })),
);

/** The longest known name that stands in the column's name, as whole words; of two as long, the one that stands later. */
export function suggestCategory({ name, kind }: LiveColumn, collection: string): string | undefined {
  const words = wordsOf(name);
  const best = patterns
    .flatMap((pattern) => {
      const at = lastPlace(words, pattern.words);
      return at === undefined ? [] : [{ ...pattern, weight: pattern.words.length * 1000 + at }];
    })
    .reduce<{ readonly category: string; readonly weight: number } | undefined>(
      (found, each) => (found === undefined || each.weight > found.weight ? each : found),
      undefined,
    );
  const category = best?.category ?? suggestFromKind(words, kind, collection);
  return category !== undefined && holds(category, kind) ? category : undefined;
}

function suggestFromKind(words: readonly string[], kind: LiveColumn["kind"], collection: string): string | undefined {
  if (kind === "moment") return "system.operations";
  if (kind === "bytes") return "user.content";
  if (isPerson(stemOf(words) ?? [])) return "user.unique_id";
  if (words.length === 1 && bareNames.has(words[0] ?? "") && holdsPeople(collection)) return "user.name";
  if (stemOf(words)?.length === 0) return holdsPeople(collection) ? "user.unique_id" : "system.operations";
  return undefined;
}

/** A yes or no is never an address, and a moment is never a text. */
function holds(category: string, kind: LiveColumn["kind"]): boolean {
  if (kind === "boolean") return ["user.privacy_preferences", "user.account.settings", "user.behavior"].includes(category);
  if (kind === "moment") return ["system.operations", "user.behavior", "user.demographic.date_of_birth"].includes(category);
  if (kind === "bytes") return category.startsWith("user.content") || category.startsWith("user.authorization");
  return true;
}

const bareNames = new Set(["name", "nom", "nombre", "nome", "naam", "nazwa"]);

/** Whose record it is, in the order in which one is preferred over another. */
const people = wordList(
  "user member account author sender creator uploader owner customer person participant student learner pupil teacher employee subscriber patient player " +
    "benutzer nutzer mitglied konto verfasser absender kunde mitarbeiter schuler utilisateur membre compte auteur expediteur client eleve " +
    "usuario miembro cuenta autor remitente cliente alumno utilizador membro conta remetente aluno utente autore mittente studente " +
    "gebruiker lid klant afzender leerling uzytkownik czlonek nadawca klient uczen",
);

const workspaces = wordList(
  "workspace tenant organisation organization org company team school institution mandant unternehmen firma schule entreprise ecole " +
    "organizacion empresa escuela organizacao escola organizzazione azienda scuola organisatie bedrijf organizacja szkola",
);

/** When it happened, in the order in which one is preferred over another. */
const moments = wordList(
  "occurred_at happened_at at sent_at posted_at uploaded_at received_at saved_at issued_at signed_in_at logged_at recorded_at timestamp ts date_sent created_at created created_on date_created inserted_at date " +
    "gesendet_am erstellt_am zeitpunkt datum envoye_le cree_le date_creation enviado_en creado_en fecha fecha_creacion enviado_em criado_em data_criacao inviato_il creato_il data verzonden_op aangemaakt_op wyslano utworzono",
);

const idWords = new Set(["id", "uuid", "guid", "pk", "nr", "no", "num", "number", "nummer", "ref", "key", "fk"]);

function suggestRoles(collection: LiveCollection): ReadonlyMap<string, NonNullable<Suggestion["role"]>> {
  const columns = collection.columns;
  const key = findKey(collection)?.name;
  const subject = (holdsPeople(collection.name) ? key : undefined) ?? firstBy(columns, people, ({ name }) => stemOf(wordsOf(name)) ?? wordsOf(name));
  const workspace = firstBy(columns, workspaces, ({ name }) => stemOf(wordsOf(name)) ?? []);
  const dated = columns.filter(({ kind }) => kind === "moment");
  const moment = firstBy(dated, moments, ({ name }) => wordsOf(name)) ?? (dated.length === 1 ? dated[0]?.name : undefined);
  // A later word wins over an earlier one: what names the subject is no key.
  return new Map<string, NonNullable<Suggestion["role"]>>([
    ...(key === undefined ? [] : [[key, "key"] as const]),
    ...(moment === undefined ? [] : [[moment, "moment"] as const]),
    ...(workspace === undefined ? [] : [[workspace, "workspace"] as const]),
    ...(subject === undefined ? [] : [[subject, "subject"] as const]),
  ]);
}

/** The column whose words are the earliest in the list; of two such columns the one that comes first by name. */
function firstBy(columns: readonly LiveColumn[], list: readonly string[], words: (column: LiveColumn) => readonly string[]): string | undefined {
  const ranked = columns
    .map((column) => ({ name: column.name, rank: list.indexOf(words(column).join("_")) }))
    .filter(({ rank }) => rank >= 0)
    .toSorted((a, b) => a.rank - b.rank || byName(a, b));
  return ranked[0]?.name;
}

/** Plain `id` before `member_id` of `members`. */
function findKey({ name, columns }: LiveCollection): LiveColumn | undefined {
  return columns.find((column) => stemOf(wordsOf(column.name))?.length === 0) ?? columns.find((column) => isOwnKey(column.name, name));
}

function isOwnKey(column: string, collection: string): boolean {
  const stem = stemOf(wordsOf(column));
  return stem !== undefined && (stem.length === 0 || isNamed(collection, stem));
}

/** `member_id` refers to `members.id`, or to `members.member_id` where there is no `id`. */
function suggestReference({ name }: LiveColumn, own: LiveCollection, all: readonly LiveCollection[]): Suggestion["refersTo"] {
  const stem = stemOf(wordsOf(name));
  if (stem === undefined) return undefined;
  for (let from = 0; from < stem.length; from++) {
    const target = all.find((collection) => isNamed(collection.name, stem.slice(from)));
    if (target === undefined) continue;
    const key = findKey(target);
    return key === undefined || (target.name === own.name && key.name === name) ? undefined : { collection: target.name, column: key.name };
  }
  return undefined;
}

/** One name in the singular and one in the plural, as tables are named. */
function isNamed(collection: string, stem: readonly string[]): boolean {
  const one = stem.join("_");
  const many = wordsOf(collection).join("_");
  return [one, `${one}s`, `${one}es`, `${one}n`, `${one}en`, one.replace(/y$/, "ies")].includes(many);
}

function holdsPeople(collection: string): boolean {
  return (
    people.some((word) => isNamed(collection, [word])) ||
    ["people", "personen", "personnes", "personas", "pessoas", "persone"].includes(wordsOf(collection).join("_"))
  );
}

function isPerson(stem: readonly string[]): boolean {
  return people.includes(stem.at(-1) ?? "") || people.includes(stem[0] ?? "");
}

/** What an identifier identifies: `author` of `author_id` and of `id_author`, nothing of `id`; undefined for what is no identifier. */
function stemOf(words: readonly string[]): readonly string[] | undefined {
  if (idWords.has(words.at(-1) ?? "")) return words.slice(0, -1);
  return words[0] === "id" ? words.slice(1) : undefined;
}

const longestName = 200;

/** `authorID` and `Author-Id` are `author`, `id`; accents are taken off. */
function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, longestName)
    .replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, "$1_$2")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll("ł", "l")
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== "");
}

function lastPlace(words: readonly string[], wanted: readonly string[]): number | undefined {
  for (let at = words.length - wanted.length; at >= 0; at--) if (wanted.every((word, index) => words[at + index] === word)) return at;
  return undefined;
}

function wordList(text: string): readonly string[] {
  return text.split(" ");
}
