"""Invented people and what they write, as rows, the same for the same seed. Nobody here is real.

Phone numbers are from the range that France keeps free for fiction, domains from those that the
Internet keeps free for examples.
"""

# ruff: noqa: RUF001 - French has its own apostrophe
# ruff: noqa: PLR2004 - the shares of a draw are the draw

from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

FIRST_NAMES = (
    "Léa", "Zoé", "Maëlys", "Chloé", "Inès", "Anaïs", "Hélène", "Margaux", "Océane", "Fatou",
    "Théo", "Loïc", "Gaël", "François", "Jérôme", "Mathéo", "Côme", "Yanis", "Bastien", "Noël",
    "Olivia", "Harriet", "Poppy", "Maisie", "Imogen", "Beatrice", "Freya", "Siobhán", "Zoë", "Ruth",
    "Oliver", "Alfie", "Rupert", "Callum", "Declan", "Hamish", "Tobias", "Jasper", "Wilfred", "Amir",
)  # fmt: skip
FRENCH_LAST_NAMES = (
    "Belleforêt", "Chantegrive", "Dufresnoy", "Gaillardin", "Hautecœur", "Jolivallée", "L’Hermelin",
    "Malbranche", "Noirétable", "Pâquerelle", "Quincampois", "Roquefère", "Saint-Véran", "Tournelune",
)  # fmt: skip
LAST_NAMES = (
    *FRENCH_LAST_NAMES,
    "Ashgrove", "Brindlewood", "Crowhurst", "Dunnockley", "Fennimoor", "Greywether", "Hartlebrook",
    "Larkspurne", "Mossington", "O’Tarrow", "Pennyfold", "Quillfeather", "Rookhollow", "Wyndermoss",
)  # fmt: skip

FRENCH_QUESTIONS = (
    "Bonjour, ma commande n° {order} n’est toujours pas arrivée. Que se passe-t-il ? 😡",
    "Toujours aucune réponse à mon mail ({email})… c’est la troisième fois !",
    "Bonjour,\n\nJe souhaite résilier mon abonnement.\n\nCordialement,\n{name}",
    "Merci beaucoup, tout fonctionne à nouveau 🙏🎉",
    "Vous pouvez me rappeler au {phone} après 18 h ? Ici {name}.",
    "L’appli plante dès que j’ouvre « Mes factures » 😤\r\nVersion 4.2, Android",
    "Où en est mon remboursement ? Dossier {order}, {name}.",
)
ENGLISH_QUESTIONS = (
    "Hi, my order {order} still hasn't arrived. Any news? 📦",
    "No reply to my e-mail ({email}) for a week now. Not good enough!",
    "Hello,\n\nplease cancel my subscription.\n\nThanks,\n{name}",
    "Brilliant, it's working again. Thank you!! 👩‍💻✨",
    "Could you ring me on {phone} after six? It's {name}.",
    'Your app crashes whenever I open "My bills" 🤦\tVersion 4.2; 100% of the time \\o/',
    "Where is my refund? Case {order}, {name}.",
)
FRENCH_ANSWERS = (
    "Bonjour {handle}, nous sommes désolés pour ce retard. Pouvez-vous nous envoyer votre numéro ?",
    "{handle} Merci pour votre patience, votre dossier {order} est en cours de traitement 😊",
    "Bonjour {handle},\nc’est corrigé. Belle journée à vous !\n– L’équipe",
)
ENGLISH_ANSWERS = (
    "Hi {handle}, sorry to hear that. Could you send us your order number?",
    "{handle} Thanks for waiting, we're looking into case {order} 😊",
    "Hi {handle},\nall sorted now. Have a lovely day!\n– The team",
)
POLITE_ANSWERS = ("Merci à vous, à bientôt !", "You're welcome, have a nice day!")
OTHER_SCRIPTS = ("شكرا جزيلا", "ありがとうございます", "Большое спасибо", "감사합니다", "תודה רבה", "谢谢 🀄")
FILE_STEMS = ("facture", "photo", "capture d’écran", "contract & annex", "reçu 100%", "voice+note")
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "ogg": "audio/ogg",
    "mp4": "video/mp4",
}

LONG_MESSAGE = 40_000  # characters
QUOTED_HANDLES = 0.96  # measured on real support answers


class User(NamedTuple):
    """A row of users: the table's columns, in their order."""

    user_id: int
    environment_id: int
    network: str
    network_id: str
    first_name: str
    last_name: str
    pseudonyms: list[str]
    profile_url: str
    picture_url: str
    picture_bucket: str | None
    picture_key: str | None
    created_at: datetime
    anonymized_on: date | None = None


class Message(NamedTuple):
    """A row of messages: the table's columns, in their order."""

    message_id: int
    environment_id: int
    conversation_id: int
    user_id: int | None
    direction: str
    visibility: str
    network: str
    network_id: str
    url: str
    content: str
    published_at: datetime
    created_at: datetime
    anonymized_on: date | None = None


def make_user(random: Random, user_id: int, environment_id: int, created_at: datetime) -> User:
    """Invent one person, with the network's own picture; another `user_id` is another identifier on every network."""
    first_name, last_name = random.choice(FIRST_NAMES), random.choice(LAST_NAMES)
    network = random.choice(("twitter", "facebook", "instagram", "whatsapp"))
    account = f"{first_name}{random.choice(('_', '.', ''))}{last_name}{user_id}".lower()
    pseudonyms = [account, f"{first_name} ✨ {last_name[0]}.", f"{first_name} {last_name}"][: random.randint(1, 3)]
    network_id = f"{random.randrange(10**6, 10**12)}{user_id:05d}"
    profile_url = f"https://{network}.example/{account}"
    if network == "whatsapp":  # a telephone number and nothing else
        network_id, pseudonyms, profile_url = f"3363998{user_id:04d}", [], ""
    if random.random() < 0.05:
        first_name = ""
    picture_url = f"https://{network}.example/pictures/{network_id}.jpg"
    return User(
        user_id, environment_id, network, network_id, first_name, last_name, pseudonyms, profile_url,
        picture_url, None, None, created_at,
    )  # fmt: skip


def handle(user: User) -> str:
    """Name the user as an agent's answer does: by account where there is one."""
    return f"@{user.pseudonyms[0]}" if user.pseudonyms else user.last_name


def make_message(  # noqa: PLR0913 - a message is made of as much
    random: Random,
    user: User,
    message_id: int,
    conversation_id: int,
    created_at: datetime,
    *,
    is_private: bool,
    is_answer: bool,
) -> Message:
    """Write what the user asks, or what the company answers.

    Every 5,000th message has 40,000 characters; of the public questions, some are old posts imported years later.
    """
    network_id = str(random.getrandbits(60))
    content = _answer(random, user) if is_answer else _question(random, user)
    age = timedelta(seconds=random.randrange(120))
    if not (is_private or is_answer) and random.random() < 0.03:
        age = timedelta(days=random.randrange(30, 3000))
    return Message(
        message_id, user.environment_id, conversation_id, None if is_answer else user.user_id,
        "outbound" if is_answer else "inbound", "private" if is_private else "public", user.network, network_id,
        "" if user.network == "whatsapp" else f"https://{user.network}.example/posts/{network_id}",
        _long_message(random, user) if message_id % 5000 == 1 else content, created_at - age, created_at,
    )  # fmt: skip


def name_file(random: Random, last_name: str) -> tuple[str, str]:
    """Name a file as people do, after themselves; returns the name and the content type."""
    suffix = random.choice(list(CONTENT_TYPES))
    return f"{random.choice(FILE_STEMS)} {last_name}.{suffix}", CONTENT_TYPES[suffix]


def _question(random: Random, user: User) -> str:
    if random.random() < 0.02:
        return ""
    is_french = user.last_name in FRENCH_LAST_NAMES
    text = _fill(random, user, FRENCH_QUESTIONS if is_french else ENGLISH_QUESTIONS)
    return f"{text} {random.choice(OTHER_SCRIPTS)}" if random.random() < 0.05 else text


def _answer(random: Random, user: User) -> str:
    if random.random() >= QUOTED_HANDLES:
        return random.choice(POLITE_ANSWERS)
    is_french = user.last_name in FRENCH_LAST_NAMES
    return _fill(random, user, FRENCH_ANSWERS if is_french else ENGLISH_ANSWERS)


def _long_message(random: Random, user: User) -> str:
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < LONG_MESSAGE:
        paragraphs.append(_fill(random, user, FRENCH_QUESTIONS + ENGLISH_QUESTIONS))
    return "\n".join(paragraphs)[:LONG_MESSAGE]


def _fill(random: Random, user: User, templates: tuple[str, ...]) -> str:
    digits = f"{random.randrange(10_000):04d}"
    return random.choice(templates).format(
        handle=handle(user),
        name=f"{user.first_name} {user.last_name}".strip(),
        order=f"{random.choice('ABCDEF')}{random.randrange(10**6):06d}",
        email=f"{user.last_name.lower()}.{digits}@mail.example",
        phone=f"06 39 98 {digits[:2]} {digits[2:]}",
    )
