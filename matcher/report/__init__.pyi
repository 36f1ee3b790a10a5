from .plan_page import html as html
from .price_picture import PICTURE_ENDINGS as PICTURE_ENDINGS
from .price_picture import draw_prices as draw_prices
from .tables import unplaced_reasons as unplaced_reasons
