"""Dates and numbers in Kyrgyz; Django's own file has a decimal point, the country writes a comma."""

DATE_FORMAT = "Y-ж., j-F"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y-ж., j-F, H:i"
YEAR_MONTH_FORMAT = "Y-ж., F"
MONTH_DAY_FORMAT = "j-F"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
