import { PricelistsPage } from './PricelistsPage';

/** The price lists of services. */
export default function ServicePricelistsPage() {
  return <PricelistsPage key="services" kind="services" />;
}
