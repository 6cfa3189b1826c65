from videos.search.words import MOST, Term, terms


def test_words_phrases_and_what_must_not_be_there():
    assert terms('beach "at dawn" -rain -"no people"') == (
        Term("beach"),
        Term("at dawn"),
        Term("rain", wanted=False),
        Term("no people", wanted=False),
    )


def test_the_quotes_people_have_on_their_keyboards():
    assert terms("„tiefes Blau“ 「墨镜」 «le soir»") == (Term("tiefes Blau"), Term("墨镜"), Term("le soir"))


def test_a_quote_that_never_ends_takes_the_rest():
    assert terms('harbour "at nig') == (Term("harbour"), Term("at nig"))


def test_nothing_to_look_for():
    assert terms("") == terms("   ") == terms('- "" "  "') == terms("\x00") == ()


def test_a_decomposed_umlaut_is_the_composed_one():
    assert terms("Gro\u0308ße") == (Term("Größe"),)


def test_a_dash_inside_a_word_is_a_letter():
    assert terms("sci-fi") == (Term("sci-fi"),)


def test_no_more_terms_than_a_person_means():
    assert len(terms("a " * 300)) == MOST
