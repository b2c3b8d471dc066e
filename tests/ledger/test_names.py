"""Spellings of one name sound alike, others do not; dates speak for, against or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vorort.ledger.names import alike, plain, sounds
from vorort.vocabulary import PartialDate

SAME = [
    ("Mohammed", "Muhammad", "Mochammad", "Mohamad"),
    ("Yusuf", "Jussuf", "Youssef", "Yousef"),
    ("Олена", "Olena", "Elena"),
    ("Шевченко", "Schewtschenko", "Shevchenko"),
    ("Haddad", "Al-Haddad", "Hadad"),
    ("Dschamal", "Djamal", "Jamal"),
    ("Müller", "Muller", "Mueller"),
    ("Ayşe", "Aishe"),
    # Ukrainian and Russian: as a passport writes it now, as one wrote it before, as German does
    ("Джамал", "Dzhamal", "Dschamal", "Djamal", "Jamal", "Džamal", "Dzamal", "Ҷамал"),
    ("Сергій", "Serhii", "Serhij", "Sergej", "Sergey", "Сергей"),
    ("Ольга", "Olga", "Olha", "Ol'ha"),
    ("Юлія", "Yuliia", "Iuliia", "Julia", "Yulia", "Юлия"),
    ("Євген", "Yevhen", "Ievhen", "Jewhen", "Yevgen"),
    ("Мар'яна", "Mariana", "Maryana", "Marʼiana"),
    ("Щербак", "Shcherbak", "Schtscherbak", "Sherbak"),
    ("Григорій", "Hryhorii", "Hryhorij", "Grigorij", "Grigory", "Григорий"),
    ("Андрій", "Andrii", "Andrij", "Andrej", "Andrey", "Андрей"),
    ("Дмитрий", "Dmitrij", "Dmitry", "Dmitrii"),
    ("Жанна", "Zhanna", "Schanna", "Žanna"),
    ("Йосип", "Yosyp", "Josyp", "Iosyp"),
    ("Дзюба", "Dziuba", "Dzyuba", "Dsyuba"),
    # Arabic
    ("Najib", "Nadschib", "Nadjib", "Наджиб"),
    ("Khadija", "Chadidscha", "Hadija", "Хадиджа"),
    ("Haji", "Hadschi", "Hadji", "Hacı", "Haci", "Хаджи"),
    ("Ghassan", "Gassan", "Гассан"),
    ("Mohammed", "Мухаммед", "Магомед"),
    ("Yusuf", "Юсуф"),
    ("Areej", "Arij", "Aridsch"),
    ("Majd", "Madschd"),
    ("Siraj", "Siradsch"),
    ("Yahya", "Yehia"),
    # Turkish, Kurdish, Azerbaijani
    ("Cemil", "Dschemil", "Jemil", "Dzhemil", "Джеміль"),
    ("Ciwan", "Jiwan", "Dschiwan"),
    ("Yıldız", "Yildiz", "Йылдыз"),
    ("Şahin", "Sahin", "Schahin", "Шахин"),
    ("Çelik", "Celik"),
    ("Erdoğan", "Erdogan", "Эрдоган"),
    ("Əliyev", "Aliyev", "Алиев"),
    # Persian, Tajik
    ("Jamshid", "Dschamschid", "Djamshid", "Джамшид", "Ҷамшид"),
    ("Javad", "Dschawad", "Djavad", "Jawad", "Джавад"),
    ("Hossein", "Hussein", "Hoseyn", "Хусейн", "Гусейн"),
    ("Reza", "Resa", "Riza", "Реза"),
    # Albanian, Bosnian
    ("Xhevdet", "Dževdet", "Dzevdet", "Cevdet"),
]
BORN = PartialDate(1992, 3, 12)


@pytest.mark.parametrize("spellings", SAME, ids=lambda names: names[0])
def test_spellings_of_one_name_sound_the_same(spellings):
    assert len({sounds(name) for name in spellings}) == 1


@pytest.mark.parametrize("pair", [
    ("Omar", "Ali"), ("Amira", "Karim"), ("Ahmed", "Mohammed"), ("Jamal", "Kamal"),
    ("Olha", "Olena"), ("Serhii", "Andrii"), ("Cemil", "Kamil"), ("Najib", "Nasib"),
    ("Jamila", "Samila"), ("Юлія", "Олена"),
])  # fmt: skip
def test_other_names_do_not(pair):
    assert sounds(pair[0]) != sounds(pair[1])


@pytest.mark.parametrize("spellings", SAME, ids=lambda names: names[0])
def test_no_letter_of_a_name_breaks_it_in_two(spellings):
    assert {len(plain(name).split()) for name in spellings if "-" not in name} == {1}


@given(st.text(max_size=30), st.text(max_size=30))
def test_order_case_and_any_letters_make_no_difference(family, given_name):
    assert sounds(family, given_name) == sounds(given_name, family)
    assert plain(plain(family)) == plain(family)


def like(name, born, other="Haddad Amira", other_born=BORN):
    found = alike(sounds(name), born, sounds(other), other_born)
    return found and found.likeness


def test_name_and_date_together_decide_how_likely():
    assert like("Amira Hadad", BORN) == "likely"
    assert like("Amira Hadad", PartialDate(1992)) == "possible"
    assert like("Amira Hadad", PartialDate(1992, 12, 3)) == "possible", "day and month swapped"
    assert like("Amira Hadad", PartialDate(1992, 1, 1)) == "possible", "1 January means unknown"
    assert like("Amira Hadad", None) == "possible"
    assert like("Amira Hadad", PartialDate(1992, 3, 13)) is None
    assert like("Amira Hadad", PartialDate(1991, 3, 12)) is None
    assert like("Amira Melnyk", BORN) == "possible", "another family name after a marriage"
    assert like("Amira Melnyk", PartialDate(1992)) is None
    assert like("", BORN) is None
    both = PartialDate(1992, 1, 1)
    assert like("Amira Hadad", both, other_born=both) == "possible"


@given(st.integers(1950, 2020), st.integers(1, 12), st.integers(1, 28))
def test_who_is_compared_with_whom_makes_no_difference(year, month, day):
    one, other = sounds("Haddad Amira"), sounds("Amira Melnyk")
    born = PartialDate(year, month, day)
    forth, back = alike(one, born, other, BORN), alike(other, BORN, one, born)
    assert (forth and forth.likeness) == (back and back.likeness)
