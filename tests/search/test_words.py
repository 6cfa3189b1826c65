from videos.search.words import MOST, Term, parse_terms


def test_words_phrases_and_what_must_not_be_there():
    assert parse_terms('beach "at dawn" -rain -"no people"') == (
        Term("beach"),
        Term("at dawn"),
        Term("rain", wanted=False),
        Term("no people", wanted=False),
    )


def test_the_quotes_people_have_on_their_keyboards():
    assert parse_terms("„tiefes Blau“ 「墨镜」 «le soir»") == (
        Term("tiefes Blau"),
        Term("墨镜"),
        Term("le soir"),
    )


def test_a_quote_that_never_ends_takes_the_rest():
    assert parse_terms('harbour "at nig') == (Term("harbour"), Term("at nig"))


def test_nothing_to_look_for():
    assert parse_terms("") == parse_terms("   ") == parse_terms('- "" "  "') == parse_terms("\x00") == ()


def test_a_decomposed_umlaut_is_the_composed_one():
    assert parse_terms("Gro\u0308ße") == (Term("Größe"),)


def test_a_dash_inside_a_word_is_a_letter():
    assert parse_terms("sci-fi") == (Term("sci-fi"),)


def test_no_more_terms_than_a_person_means():
    assert len(parse_terms("a " * 300)) == MOST
