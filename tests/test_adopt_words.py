"""How names are taken apart and understood, in four languages."""

import pytest

from flows.adopt.words import best_list, snake, words_of

PARTS = ("personal", "plain", "ambiguous")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("created_at", ("created", "at")),
        ("createdAt", ("created", "at")),
        ("CreateAt", ("create", "at")),
        ("createat", ("create", "at")),
        ("HTTPMethod", ("http", "method")),
        ("address_line_1", ("address", "line")),
        ("Prénom de l'expéditeur", ("prenom", "de", "l", "expediteur")),
        ("Straße", ("strasse",)),
        ("thumbnailpath", ("thumbnail", "path")),
        ("status", ("status",)),
        ("xqzzk", ("xqzzk",)),
    ],
)
def test_a_name_is_taken_apart_however_it_is_written(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("email", "email"),
        ("courriel_expediteur", "email"),
        ("correo_electronico", "email"),
        ("mailadresse", "email"),
        ("telefonnummer", "phone"),
        ("numero_telephone", "phone"),
        ("firstName", "person_name"),
        ("vorname", "person_name"),
        ("apellidos", "person_name"),
        ("dateNaissance", "birth"),
        ("geburtsdatum", "birth"),
        ("fecha_nacimiento", "birth"),
        ("texte_du_message", "content"),
        ("inhalt", "content"),
        ("contenido", "content"),
        ("processed_message_content", "content"),
        ("remote_ip", "ip"),
        ("iban", "bank"),
        ("access_token", "secret"),
        ("external_id", "network_id"),
        ("avatar_url", "picture"),
        ("storage_key", "file_key"),
        ("strasse", "postal"),
        ("codigo_postal", "place"),
        ("message_type", "word"),
        ("content_type", "word"),
        ("status", "word"),
        ("name", "name"),
        ("xqzzk", None),
    ],
)
def test_a_name_is_understood_in_four_languages_by_its_longest_phrase(name: str, meaning: str | None) -> None:
    assert best_list(words_of(name), PARTS) == meaning


def test_a_name_becomes_one_that_models_can_have() -> None:
    assert snake("SmsMessages") == "sms_messages"
    assert snake("Téléphonie") == "telephonie"
    assert snake("HTTPLog 2019") == "http_log_2019"
