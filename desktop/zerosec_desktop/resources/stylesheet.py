"""The one style sheet, generated from the tokens.

Widgets say what they are by dynamic properties, never by colours of their own:
`role` of a QLabel (display, title, subtitle, strong, muted, caption, error, warning, success, code, link), `kind` of a QPushButton
(primary, quiet, danger, link, nav, chip), `surface` of a QFrame (card, sunken, bar, info, success, warning, error, raised),
`problem` ("true") of a field with an error, `keyed` ("true") of a button whose focus came by the keyboard.
"""

from string import Template

from zerosec_desktop.resources.tokens import Palette, Radius, Space, TypeScale

__all__ = ["stylesheet"]

_SHEET = Template("""
* { outline: 0; }
QWidget { color: $text; font-size: ${body}px; }
QMainWindow, QDialog, QWidget[surface="window"] { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $border; padding: 6px 8px; }

QLabel { background: transparent; }
QLabel[role="display"] { font-size: ${display}px; font-weight: 600; }
QLabel[role="title"] { font-size: ${title}px; font-weight: 600; }
QLabel[role="subtitle"] { font-size: ${subtitle}px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="caption"] { color: $muted; font-size: ${caption}px; }
QLabel[role="overline"] { color: $faint; font-size: ${caption}px; font-weight: 600; }
QLabel[role="error"] { color: $error; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="success"] { color: $success; }
QLabel[role="key"] { color: $muted; background: $sunken; border: 1px solid $border; border-radius: ${r_small}px;
  padding: 0 5px; font-size: ${caption}px; }

QFrame[surface="card"] { background: $surface; border: 1px solid $border; border-radius: ${r_large}px; }
QFrame[surface="card"][hot="true"]:hover { border-color: $accent; }
QFrame[surface="sunken"] { background: $sunken; border: 0; border-radius: ${r_large}px; }
QFrame[surface="nav"] { background: $sunken; border: 0; border-right: 1px solid $border; }
QFrame[surface="bar"] { background: $window; border: 0; border-bottom: 1px solid $border; }
QFrame[surface="status"] { background: $sunken; border: 0; border-top: 1px solid $border; }
QFrame[surface="status"] QLabel { color: $muted; font-size: ${caption}px; }
QFrame[surface="pane"] { background: $surface; border: 0; border-left: 1px solid $border; }
QFrame[surface="raised"] { background: $raised; border: 1px solid $border; border-radius: ${r_large}px; }
QFrame[surface="info"] { background: $accent_soft; border: 0; border-radius: ${r_medium}px; }
QFrame[surface="success"] { background: $success_soft; border: 0; border-radius: ${r_medium}px; }
QFrame[surface="warning"] { background: $warning_soft; border: 0; border-radius: ${r_medium}px; }
QFrame[surface="error"] { background: $error_soft; border: 0; border-radius: ${r_medium}px; }
QFrame[surface="drop"] { background: $surface; border: 2px dashed $border_strong; border-radius: ${r_large}px; }
QFrame[surface="drop"][over="true"] { background: $accent_soft; border-color: $accent; }
QFrame[surface="group"] { background: transparent; border: 0; border-left: 2px solid $border; }
QFrame[line="true"] { background: $border; border: 0; max-height: 1px; min-height: 1px; }

QPushButton, QToolButton { background: $surface; border: 1px solid $border; border-radius: ${r_medium}px;
  padding: 0 ${inset}px; min-height: 30px; }
QToolButton { padding: 0 7px; min-width: 16px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $border; }
QPushButton:checked, QToolButton:checked { background: $accent_soft; border-color: $accent; color: $accent; }
QPushButton[keyed="true"]:focus, QToolButton[keyed="true"]:focus { border: 2px solid $accent; padding: 0 ${inset_focus}px; min-height: 28px; }
QToolButton[keyed="true"]:focus { padding: 0 6px; }
QPushButton:disabled, QToolButton:disabled { color: $faint; background: $sunken; border-color: $sunken; }
QPushButton::menu-indicator { width: 0; }
QToolButton::menu-indicator { image: none; width: 0; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; font-weight: 600; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[kind="primary"][keyed="true"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: $hover; color: $faint; border-color: $hover; }
QPushButton[kind="danger"] { color: $error; }
QPushButton[kind="danger"]:hover { background: $error_soft; border-color: $error; }
QPushButton[kind="quiet"], QToolButton[kind="quiet"] { background: transparent; border-color: transparent; }
QPushButton[kind="quiet"]:hover, QToolButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:checked, QToolButton[kind="quiet"]:checked { background: $accent_soft; color: $accent; }
QPushButton[kind="quiet"][keyed="true"]:focus, QToolButton[kind="quiet"][keyed="true"]:focus { border: 2px solid $accent; }
QPushButton[kind="link"] { background: transparent; border-color: transparent; color: $accent; padding: 0 4px; }
QPushButton[kind="link"]:hover { color: $accent_hover; text-decoration: underline; }
QPushButton[kind="link"][keyed="true"]:focus { border: 2px solid $accent; padding: 0 3px; }
QPushButton[kind="nav"] { background: transparent; border: 2px solid transparent; text-align: left; min-height: 32px;
  padding: 0 10px; color: $muted; }
QPushButton[kind="nav"][low="true"] { min-height: 20px; }
QPushButton[kind="nav"]:hover { background: $hover; color: $text; }
QPushButton[kind="nav"]:checked { background: $accent_soft; color: $accent; font-weight: 600; }
QPushButton[kind="nav"][keyed="true"]:focus { border-color: $accent; }
QPushButton[kind="chip"] { border-radius: 13px; min-height: 24px; padding: 0 11px; color: $muted; }
QPushButton[kind="chip"]:checked { background: $accent_soft; border-color: $accent; color: $accent; }
QPushButton[kind="chip"][keyed="true"]:focus { border: 2px solid $accent; padding: 0 10px; min-height: 22px; }
QPushButton[kind="row"] { text-align: left; background: transparent; border-color: transparent; min-height: 38px; padding: 0; }
QPushButton[kind="row"][lines="2"] { min-height: 54px; }
QPushButton[kind="row"]:hover { background: $hover; }
QPushButton[kind="row"][current="true"] { background: $accent_soft; color: $accent; }
QPushButton[kind="row"][keyed="true"]:focus { border: 2px solid $accent; padding: 0; min-height: 36px; }
QPushButton[kind="row"][lines="2"][keyed="true"]:focus { min-height: 52px; }
QPushButton[size="small"] { font-size: ${caption}px; min-height: 22px; padding: 0 8px; color: $muted; }
QToolButton[size="small"] { min-height: 22px; padding: 0 3px; }
QToolButton[size="small"][keyed="true"]:focus { min-height: 20px; padding: 0 2px; }
QPushButton[size="small"][keyed="true"]:focus { min-height: 20px; padding: 0 7px; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QDateEdit {
  background: $surface; border: 1px solid $border_strong; border-radius: ${r_medium}px; padding: 0 8px; min-height: 30px;
  selection-background-color: $accent; selection-color: $on_accent; }
QPlainTextEdit, QTextEdit { padding: 6px; }
QLineEdit:hover, QComboBox:hover, QSpinBox:hover, QDoubleSpinBox:hover { border-color: $muted; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus {
  border: 2px solid $accent; padding: 0 7px; min-height: 28px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 5px; }
QLineEdit[problem="true"], QComboBox[problem="true"], QSpinBox[problem="true"], QDoubleSpinBox[problem="true"],
QPlainTextEdit[problem="true"] { border-color: $error; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled {
  background: $sunken; color: $faint; border-color: $border; }
QLineEdit:read-only { background: $sunken; border-color: $border; }
QComboBox::drop-down { border: 0; width: 24px; }
QComboBox::down-arrow { image: url("$icon_dir/chevron-down.svg"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $border; padding: 4px; }
QComboBox QAbstractItemView::item { min-height: 28px; }
QSpinBox, QDoubleSpinBox { min-height: 28px; padding: 0 7px; }
QSpinBox::up-button, QDoubleSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::down-button { width: 0; border: 0; }

QCheckBox, QRadioButton { spacing: 8px; min-height: 24px; background: transparent; }
QCheckBox[strong="true"] { font-weight: 600; }
QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $border_strong; background: $surface; }
QCheckBox::indicator { border-radius: ${r_small}px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$icon_dir/check.svg"); }
QCheckBox::indicator:indeterminate { background: $accent; border-color: $accent; image: url("$icon_dir/minus.svg"); }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; }
QCheckBox[keyed="true"]:focus, QRadioButton[keyed="true"]:focus { color: $accent; }
QCheckBox[keyed="true"]::indicator:focus, QRadioButton[keyed="true"]::indicator:focus { border: 2px solid $accent; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { background: $sunken; border-color: $border; }

QAbstractItemView { background: $surface; alternate-background-color: $window; border: 1px solid $border;
  border-radius: ${r_medium}px; gridline-color: $border; selection-background-color: $accent_soft; selection-color: $text; }
QAbstractItemView:focus { border-color: $accent; }
QAbstractItemView[bare="true"] { border: 0; border-radius: 0; background: transparent; }
QTableView::item, QTreeView::item, QListView::item { padding: 0 8px; border: 0; }
QTreeView::item, QListView::item { min-height: 30px; }
QTableView::item:hover, QTreeView::item:hover, QListView::item:hover { background: $hover; }
QTableView::item:selected, QTreeView::item:selected, QListView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: $sunken; border: 0; }
QHeaderView::section { background: $sunken; color: $muted; border: 0; border-bottom: 1px solid $border;
  padding: 0 8px; min-height: 30px; font-weight: 600; font-size: ${caption}px; }
QHeaderView::section:hover { color: $text; }
QHeaderView::up-arrow { image: url("$icon_dir/chevron-up.svg"); width: 10px; height: 10px; }
QHeaderView::down-arrow { image: url("$icon_dir/chevron-down.svg"); width: 10px; height: 10px; }
QTableCornerButton::section { background: $sunken; border: 0; border-bottom: 1px solid $border; }

QProgressBar { background: $sunken; border: 0; border-radius: 3px; min-height: 6px; max-height: 6px; text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QProgressBar[state="failed"]::chunk { background: $error; }
QProgressBar[state="succeeded"]::chunk { background: $success; }

QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget[surface="clear"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $border_strong; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: 0; }

QTabWidget::pane { border: 0; border-top: 1px solid $border; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: 0 4px; margin-right: 14px; min-height: 34px;
  border: 0; border-bottom: 2px solid transparent; }
QTabWidget[narrow="true"] QTabBar::tab { margin-right: 6px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent; border-bottom-color: $accent; }
QTabBar::tab:focus { background: $accent_soft; }

QTabBar::scroller { width: 40px; }
QTabBar QToolButton { background: $window; border: 0; padding: 0; }

QMenu { background: $raised; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: ${r_small}px; }
QMenu::item:selected { background: $accent_soft; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $accent_soft; }
QSplitter::handle:horizontal { width: 8px; }
QSplitter::handle:vertical { height: 8px; }
QGroupBox { border: 0; font-weight: 600; padding-top: 24px; }
QSlider::groove:horizontal { height: 4px; background: $hover; border-radius: 2px; }
QSlider::handle:horizontal { background: $accent; width: 16px; height: 16px; margin: -6px 0; border-radius: 8px; }
""")


def stylesheet(palette: Palette, icon_dir: str = "") -> str:
    """The style sheet of a palette. `icon_dir`: where the few pictures it names are."""
    colours = {name: value for name, value in vars(palette).items() if isinstance(value, str)}
    return _SHEET.substitute(
        colours,
        caption=TypeScale.CAPTION,
        body=TypeScale.BODY,
        subtitle=TypeScale.SUBTITLE,
        title=TypeScale.TITLE,
        display=TypeScale.DISPLAY,
        r_small=Radius.SMALL,
        r_medium=Radius.MEDIUM,
        r_large=Radius.LARGE,
        inset=Space.MEDIUM - 2,
        inset_focus=Space.MEDIUM - 3,
        icon_dir=f"{icon_dir}/{palette.scheme}",
    )
