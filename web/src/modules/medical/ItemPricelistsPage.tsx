import { PricelistsPage } from './PricelistsPage';

/** The price lists of items. */
export default function ItemPricelistsPage() {
  return <PricelistsPage key="items" kind="items" />;
}
